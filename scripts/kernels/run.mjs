// Boots one kernel and has it try the features.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianKernel } from '../guest/debian-kernel.mjs'
import { matrix } from '../guest/matrix.mjs'
import { runGuest } from '../guest/qemu.mjs'
import { userland } from '../guest/userland.mjs'
import { cache } from '../lib/paths.mjs'
import { image } from './image.mjs'
import { judge } from './judge.mjs'

/** Milliseconds; a kernel takes some minutes. */
const timeout = 15 * 60_000
const silence = 3 * 60_000
/** Until the first of our own programs runs, which takes some seconds. */
const bootTime = 90_000
/** Emulated machines have been seen to stand still, and to crash, in the middle of the kernel's own start. */
const boots = 3

/** The Node of the guests: the oldest that Millrace supports. */
const major = 20

/**
 * Resolves to `{ kernel, release, seconds, ended, features, console }`; `features` are judged, `console` has the last lines when the guest
 * did not come to its end.
 */
export async function runKernel(name, { app, areas, note, signal }) {
  const { suite, arch } = matrix[name]
  const kernel = await debianKernel({ suite, arch, note })
  const programs = await userland({ arch, major, note })
  const folder = join(cache, 'kernels/images')
  mkdirSync(folder, { recursive: true })
  // By one name: what a run that was killed has left is overwritten.
  const initramfs = join(folder, name)
  const started = performance.now()
  try {
    writeFileSync(initramfs, image({ userland: programs, kernel, app, areas }))
    // Linux 6.12, which changes its own code when programs are attached, has crashed on two threads of qemu 7.2, in code of its own.
    const threads = 'single'
    const boot = () => bootOnce({ arch, image: kernel.image, initramfs, threads, signal }, note)
    let { heard, lines, ended } = await boot()
    for (let again = 1; again < boots && (ended === 'silent' || ended === 'off') && !heard.booted; again++) {
      note('it has not booted: once more')
      ;({ heard, lines, ended } = await boot())
    }
    const config = kernel.config === undefined ? '' : readFileSync(kernel.config, 'utf8')
    return {
      kernel: name,
      running: heard.now,
      release: kernel.release,
      arch,
      date: new Date().toISOString().slice(0, 10),
      seconds: Math.round((performance.now() - started) / 1000),
      ended: heard.finished ? 'off' : ended === 'off' ? 'crashed' : ended,
      features: heard.results.map((result) => judge(result, kernel.release, config)),
      console: heard.finished ? [] : lines.filter((line) => !line.startsWith('@@')).slice(-40),
    }
  } finally {
    rmSync(initramfs, { force: true })
  }
}

async function bootOnce(guest, note) {
  const heard = listen(note)
  const patience = () => (heard.booted ? silence : bootTime)
  const { lines, ended } = await runGuest({ ...guest, timeout, silence: patience, onLine: heard.line })
  return { heard, lines, ended }
}

/** Follows the lines that the guest prints for us. */
function listen(note) {
  const heard = { results: [], booted: false, finished: false, line, now: undefined }
  let failed = 0
  note('booting')
  function line(text) {
    const at = text.indexOf('@@{')
    if (at < 0) return
    let message
    try {
      message = JSON.parse(text.slice(at + 2))
    } catch {
      return
    }
    if (message.booted) {
      heard.booted = true
      note('booted')
    }
    if (message.begin) {
      heard.now = { area: message.area, name: message.begin }
      note(`${heard.results.length} done${failed ? `, ${failed} failed` : ''}; ${message.area}: ${message.begin}`)
    }
    if (message.end) {
      const { end: name, ...rest } = message
      heard.results.push({ name, ...rest })
      if (rest.failed) failed++
      heard.now = undefined
    }
    if (message.finished) heard.finished = true
  }
  return heard
}

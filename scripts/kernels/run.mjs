// Boots one kernel and has it try the features.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianKernel } from '../guest/debian-kernel.mjs'
import { matrix } from '../guest/matrix.mjs'
import { runGuest } from '../guest/qemu.mjs'
import { userland } from '../guest/userland.mjs'
import { image } from './image.mjs'
import { judge } from './judge.mjs'

/** Milliseconds; a kernel takes some minutes. */
const timeout = 15 * 60_000
const silence = 3 * 60_000

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
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kernels-'))
  const started = performance.now()
  try {
    const initramfs = join(folder, 'initramfs')
    writeFileSync(initramfs, image({ userland: programs, kernel, app, areas }))
    const heard = listen(note)
    const { lines, ended } = await runGuest({
      ...{ arch, image: kernel.image, initramfs, timeout, silence, signal },
      onLine: heard.line,
    })
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
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Follows the lines that the guest prints for us. */
function listen(note) {
  const heard = { results: [], finished: false, line, now: undefined }
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
    if (message.booted) note('booted')
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

import { readdirSync, readlinkSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()
const addon = process.env.MILLRACE_NATIVE_BINDING ?? new URL('../build/Release/millrace.node', import.meta.url).pathname
const object = objectFile('native-ring')

/** What every worker starts with: an addon of its own, and an object that is opened but not loaded. */
const prelude = `
  const { parentPort } = require('node:worker_threads')
  const native = require(${JSON.stringify(addon)})
  const bytes = require('node:fs').readFileSync(${JSON.stringify(object)})
  const openObject = () => native.objectOpen(bytes, 'worker', {}).handle
`

/** Added to what shall not end before it is ended. */
const stay = `
  setInterval(() => {}, 1000)`

/** Runs `code` in a worker until it first posts a message, and returns that; `exit` is for the exit code. */
async function start(code: string): Promise<{ worker: Worker; message: unknown; exit: Promise<number> }> {
  const worker = new Worker(prelude + code, { eval: true })
  const exit = new Promise<number>((resolve) => worker.once('exit', resolve))
  const message = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  return { worker, message, exit }
}

describe('worker threads', () => {
  it('load objects at the same time, each in a table of its own', async () => {
    const code = `
      native.objectLoad(openObject()).then((loaded) => {
        const ring = native.ringOpen(loaded.maps.records)
        parentPort.postMessage({ loaded, ring, available: native.ringAvailable(ring) })
      })`
    const started = await Promise.all([start(code), start(code), start(code)])
    for (const { message } of started) {
      expect(message).toMatchObject({ loaded: { programs: { record: expect.any(Number) } }, available: 0 })
      // The main thread's table does not know the worker's handles.
      const { ring } = message as { ring: Handle }
      expect(native.ringAvailable(ring)).toBe(-errno.EBADF)
    }
    await Promise.all(started.map(({ worker }) => worker.terminate()))
  })

  it('can be ended while they wait for a ring', async () => {
    const code = `
      const loaded = native.objectLoadSync(openObject())
      const ring = native.ringOpen(loaded.maps.records)
      parentPort.postMessage(native.ringWait(ring, () => {}))`
    for (let round = 0; round < 5; round++) {
      const { worker, message } = await start(code)
      expect(message).toBe(0)
      expect(await worker.terminate()).toBe(1)
    }
  })

  it('can be ended while they load', async () => {
    const code = `
      for (let n = 0; n < 8; n++) native.objectLoad(openObject()).then(() => {})
      parentPort.postMessage('loading')`
    for (let round = 0; round < 5; round++) {
      const { worker } = await start(code + stay)
      expect(await worker.terminate()).toBe(1)
    }
  })

  it('can be ended in the middle of a call', async () => {
    const code = `
      const map = native.mapCreate(2, 'worker', 4, 4, 1, 0)
      parentPort.postMessage('calling')
      for (;;) {
        const { handle } = native.objectOpen(bytes, 'worker', {})
        native.mapInfo(map)
        native.close(handle)
      }`
    for (let round = 0; round < 10; round++) {
      const { worker } = await start(code)
      expect(await worker.terminate()).toBe(1)
    }
  })

  it('leave no descriptor behind, whatever they had open', async () => {
    const before = bpfDescriptors()
    const code = `
      const loaded = native.objectLoadSync(openObject())
      native.ringOpen(loaded.maps.records)
      native.enableStats()
      openObject()
      parentPort.postMessage('open')`
    const { worker } = await start(code + stay)
    expect(bpfDescriptors()).toBeGreaterThan(before)
    await worker.terminate()
    expect(bpfDescriptors()).toBe(before)
  })

  it('end by themselves when nothing is waited for', async () => {
    const { exit } = await start(`
      const loaded = native.objectLoadSync(openObject())
      const ring = native.ringOpen(loaded.maps.records)
      native.ringWait(ring, () => {})
      native.ringStop(ring)
      parentPort.postMessage('done')`)
    expect(await exit).toBe(0)
  })

  it("report what a ring's call back throws", async () => {
    const { worker } = await start(`
      const loaded = native.objectLoadSync(openObject())
      const ring = native.ringOpen(loaded.maps.records)
      native.ringWait(ring, () => { throw new Error('from the call back') })
      parentPort.on('message', () => native.programTestRun(loaded.programs.record, {
        data: new Uint8Array(64), dataOutSize: 0, contextOutSize: 0, repeat: 1, flags: 0, cpu: 0, batchSize: 0,
      }))
      parentPort.postMessage('waiting')`)
    worker.postMessage('go')
    const error = await new Promise<Error>((resolve) => worker.once('error', resolve))
    expect(error.message).toBe('from the call back')
  })
})

/** Descriptors of BPF objects that the process has open, in whatever thread. */
function bpfDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => targetOf(fd).startsWith('anon_inode:bpf')).length
}

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { useBpffs } from '../test/support/bpffs.js'
import { must } from '../test/support/native.js'

const native = nativeBinding()
const built = new URL('../build/Release/millrace.node', import.meta.url).pathname
const addon = process.env.MILLRACE_NATIVE_BINDING ?? built
const bpffs = useBpffs()
const folder = mkdtempSync(join(tmpdir(), 'millrace-lock-'))
const file = join(folder, 'file')
writeFileSync(file, '')
afterAll(() => rmSync(folder, { recursive: true }))

const held: Handle[] = []
afterEach(() => {
  for (const lock of held.splice(0)) native.close(lock)
})

function lock(path: string): Handle {
  const handle = must(native.lock(path, false))
  held.push(handle)
  return handle
}

const taken = { errno: errno.EAGAIN, log: '' }
/** Whether another process gets the lock. */
const isFree = (path: string) => spawnSync('flock', ['--nonblock', path, 'true']).status === 0

describe('a lock', () => {
  it.each([
    ['a file', () => file],
    ['a folder', () => folder],
    ['a folder of a bpf filesystem', () => bpffs.path],
  ])('on %s keeps others out, in this process and in others, until it is closed', (_, path) => {
    const handle = lock(path())
    expect(native.lock(path(), false)).toEqual(taken)
    expect(isFree(path())).toBe(false)
    expect(native.close(handle)).toBe(0)
    expect(native.close(handle)).toBe(-errno.EBADF)
    expect(isFree(path())).toBe(true)
    lock(path())
  })

  it('is free again when the process that had it is killed', async () => {
    // An addon that is instrumented is for this process only.
    const script = `require('${built}').lock('${file}', false); console.log('held'); setInterval(() => {}, 1000)`
    const env = { ...process.env, NODE_OPTIONS: '' }
    const holder = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    expect(native.lock(file, false)).toEqual(taken)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    lock(file)
  })

  it('is waited for', async () => {
    const handle = lock(file)
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads')
      const native = require(${JSON.stringify(addon)})
      parentPort.postMessage('waiting')
      const lock = native.lock(${JSON.stringify(file)}, true)
      parentPort.postMessage(lock)`,
      { eval: true },
    )
    const exit = once(worker, 'exit')
    expect(await once(worker, 'message')).toEqual(['waiting'])
    const next = once(worker, 'message')
    native.close(handle)
    expect(await next).toEqual([expect.any(Number)])
    await exit
    // It went with the environment that had it.
    lock(file)
  })

  it('is not inherited by programs that are started from here', async () => {
    const handle = lock(file)
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    native.close(handle)
    expect(isFree(file)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  it('has a handle for nothing but closing it', () => {
    const handle = lock(file)
    expect(native.descriptor(handle)).toBe(-errno.EBADF)
    expect(native.pin(handle, `${bpffs.path}/lock`)).toBe(-errno.EBADF)
    expect(native.mapInfo(handle)).toEqual({ errno: errno.EBADF, log: '' })
    expect(native.linkDetach(handle)).toBe(-errno.EBADF)
    expect(native.hookQuery({ map: handle }, 5, 0)).toEqual({ errno: errno.EBADF, log: '' })
  })

  it('needs something that is there', () => {
    expect(native.lock(join(folder, 'missing'), false)).toEqual({ errno: errno.ENOENT, log: '' })
    expect(native.lock('', true)).toEqual({ errno: errno.ENOENT, log: '' })
    const call = native.lock as (...values: unknown[]) => unknown
    for (const path of [undefined, null, 1, {}]) expect(() => call(path, false)).toThrow(TypeError)
  })
})

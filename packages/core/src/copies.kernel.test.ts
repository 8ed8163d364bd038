import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { bundleEnvironment, useBundle } from '../test/support/bundle.js'
import { objectFile } from '../test/support/objects.js'
import { inWorker } from '../test/support/worker.js'
import { RawMap } from './index.js'

const bundle = useBundle()
const basic = JSON.stringify(objectFile('basic'))

describe('worker threads', () => {
  it('load and run objects of their own, several at once', async () => {
    const script = `
      const { load } = require(${JSON.stringify(bundle.cjs)})
      const { parentPort } = require('node:worker_threads')
      load(${basic}).then((object) => {
        const { returnValue } = object.programs.decide.testRun({ data: new Uint8Array(64) })
        const seen = object.variables.seen.get()
        object.close()
        parentPort.postMessage({ returnValue, seen })
      })`
    const results = await Promise.all(Array.from({ length: 4 }, () => inWorker(script)))
    expect(results).toEqual(Array.from({ length: 4 }, () => ({ returnValue: 2, seen: 1n })))
  })

  it('close what they leave open when they end', async () => {
    const id = await inWorker(`
      const { RawMap } = require(${JSON.stringify(bundle.cjs)})
      const map = RawMap.create({ type: 'hash', name: 'left', keySize: 4, valueSize: 4, maxEntries: 1 })
      require('node:worker_threads').parentPort.postMessage(map.id)`)
    await expect.poll(() => stillThere(id as number)).toBe(false)
  })

  it('may be ended while they load', async () => {
    const worker = new Worker(
      `const { load } = require(${JSON.stringify(bundle.cjs)})
       for (let i = 0; i < 8; i++) load(${basic})
       require('node:worker_threads').parentPort.postMessage('loading')`,
      { eval: true, env: bundleEnvironment as Record<string, string> },
    )
    await new Promise((resolve) => worker.once('message', resolve))
    expect(await worker.terminate()).toBe(1)
  })
})

function stillThere(id: number): boolean {
  try {
    RawMap.openById(id).close()
    return true
  } catch {
    return false
  }
}

describe('ESM and CommonJS copies', () => {
  it("know each other's errors", async () => {
    const script = `
      import { load, MillraceError, ObjectFileError, PinError } from ${JSON.stringify(bundle.esm)}
      import { createRequire } from 'node:module'
      const other = createRequire('/')(${JSON.stringify(bundle.cjs)})
      const error = await other.load('/no/such/file').catch((error) => error)
      const classes = { ObjectFileError, PinError, MillraceError }
      console.log(JSON.stringify(Object.entries(classes).map(([name, it]) => [name, it === other[name], error instanceof it])))`
    const node = ['--input-type=module', '--eval', script]
    const out = execFileSync(process.execPath, node, { encoding: 'utf8', env: bundleEnvironment })
    expect(JSON.parse(out)).toEqual([
      ['ObjectFileError', false, true],
      ['PinError', false, false],
      ['MillraceError', false, true],
    ])
  })

  it('share a map by its id', () => {
    using map = RawMap.create({ type: 'hash', name: 'shared', keySize: 4, valueSize: 4, maxEntries: 1 })
    process.env.MILLRACE_NATIVE_BINDING = bundleEnvironment.MILLRACE_NATIVE_BINDING
    const other = createRequire(import.meta.url)(bundle.cjs) as { RawMap: typeof RawMap }
    using same = other.RawMap.openById(map.id)
    expect(same.name).toBe('shared')
    expect(same).not.toBeInstanceOf(RawMap)
  })
})

import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { expect, it, vi } from 'vitest'
import { bundleEnvironment, useBundle } from '../../test/support/bundle.js'

const bundle = useBundle()
const script = fileURLToPath(new URL('../../test/support/views.mjs', import.meta.url))
const arguments_ = (task: string) => ['--expose-gc', script, bundle.esm, task]

/** What a process of its own says of a task. */
async function run(task: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, arguments_(task), { env: bundleEnvironment })
  return JSON.parse(stdout)
}

it('leaves nothing of 10,000 views that were made and dropped', { timeout: 180_000 }, async () => {
  const { mappings, growth } = (await run('dropped')) as { mappings: number; growth: number }
  expect(mappings).toBe(0)
  // MB of resident memory between the 2,000th and the last
  expect(growth).toBeLessThan(32)
})

it('keeps the memory of a view that is reachable, and of no other', { timeout: 90_000 }, async () => {
  expect(await run('kept')).toEqual({ others: 1, before: 41, after: 42, last: 0 })
})

it('lets a process end that uses views', () => {
  expect(spawnSync(process.execPath, arguments_('exit'), { env: bundleEnvironment }).status).toBe(7)
})

it('unmaps what a worker thread has viewed when that ends, also when it is in use', async () => {
  const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('bpf-map').length - 1
  const before = mappings()
  const code = `
    const { parentPort } = require('node:worker_threads')
    const { MappedMemory, RawMap } = require(${JSON.stringify(bundle.cjs)})
    const map = RawMap.create({ type: 'array', name: 'viewed', keySize: 4, valueSize: 8, maxEntries: 4, flags: 1 << 10 })
    const u64 = { size: 8, alignment: 8, layout: ['size 8', '* u64 @0'], integer: 'u64', encode() {}, decode() {} }
    const views = Array.from({ length: 10 }, () => MappedMemory.of(map).array(u64, { length: 4 }))
    parentPort.postMessage(views.map((view) => view.add(0, 1n)))
    while (true) views[9].add(0, 1n)`
  const env = { ...bundleEnvironment } as Record<string, string>
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(code, { eval: true, env })
    const first = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    expect(first).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n])
    expect(mappings()).toBe(before + 10)
    expect(await worker.terminate()).toBe(1)
    await vi.waitFor(() => expect(mappings()).toBe(before), { timeout: 20_000 })
  }
})

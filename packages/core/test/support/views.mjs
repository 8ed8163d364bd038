// Process of its own, with --expose-gc: what becomes of views of mapped memory. argv: path of the bundle, what to do.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const [bundle, task] = process.argv.slice(2)
const { MappedMemory, RawMap } = await import(bundle)
const BPF_F_MMAPABLE = 1 << 10
const u64 = {
  size: 8,
  alignment: 8,
  layout: ['size 8', '* u64 @0'],
  integer: 'u64',
  encode: (value, view, offset) => view.setBigUint64(offset, value, true),
  decode: (view, offset) => view.getBigUint64(offset, true),
}
const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('bpf-map').length - 1
const megabytes = () => process.memoryUsage().rss / 2 ** 20

/** A map of one page, which is closed before the view is used. */
function makeView() {
  const map = RawMap.create({
    type: 'array',
    name: 'viewed',
    keySize: 4,
    valueSize: 8,
    maxEntries: 500,
    flags: BPF_F_MMAPABLE,
  })
  const memory = MappedMemory.of(map)
  map.close()
  const view = memory.array(u64, { length: 500 })
  memory.close()
  return view
}

/** Until there are no more mappings than that; the collector takes a view at its leisure, and its memory a moment later. */
async function collected(most) {
  const deadline = Date.now() + 60_000
  while (mappings() > most && Date.now() < deadline) {
    globalThis.gc()
    await delay(5)
  }
  return mappings()
}

const tasks = {
  /** 10,000 views, each of its own memory, and each dropped. */
  async dropped() {
    const growth = []
    for (let i = 0; i < 10_000; i++) {
      makeView().add(7, BigInt(i))
      if (i % 500 === 499) await collected(0)
      if (i === 1999) growth.push(megabytes())
    }
    growth.push(megabytes())
    return { mappings: await collected(0), growth: growth[1] - growth[0] }
  },
  /** One that is kept is good while others come and go, and goes when it is dropped itself. */
  async kept() {
    let view = makeView()
    view.store(499, 41n)
    for (let i = 0; i < 100; i++) makeView()
    const others = await collected(1)
    const before = view.add(499, 1n)
    const after = view.get(499)
    view = undefined
    return { others, before: Number(before), after: Number(after), last: await collected(0) }
  },
  /** The process ends with views that are in use. */
  exit() {
    const view = makeView()
    view.add(0, 1n)
    process.on('exit', () => view.add(0, 1n))
    process.exit(view.get(0) === 1n ? 7 : 8)
  },
}
console.log(JSON.stringify(await tasks[task]()))

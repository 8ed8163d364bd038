import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import {
  enableStatistics,
  isSupported,
  KernelObject,
  listLinks,
  listMaps,
  listPrograms,
  load,
  Program,
  preflight,
  requiredKernel,
} from '@millrace/core'
import { HashMap, struct, u32, u64 } from '@millrace/maps'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'
import { rings } from '../generated/rings.bpf.js'
import { isKernel } from '../kernel.js'

const packet = new Uint8Array(64)

const core: Area = {
  'loading an object with BTF': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      const { returnValue } = object.programs.count.testRun({ data: packet })
      assert.equal(returnValue, 2)
      assert.deepEqual(object.maps.hits.get(3), { packets: 1n, bytes: 64n })
    },
  },
  constants: {
    since: '5.10',
    async run() {
      using object = await load(everywhere, { constants: { verdict: 1, slot: 8 } })
      assert.equal(object.programs.count.testRun({ data: packet }).returnValue, 1)
      assert.equal(object.maps.hits.has(8), true)
    },
  },
  'variables in memory': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      object.programs.count.testRun({ data: packet, repeat: 10 })
      assert.equal(object.variables.seen.get(), 10n)
      object.variables.seen.set(100n)
      object.programs.count.testRun({ data: packet })
      assert.equal(object.variables.seen.view().get(), 101n)
    },
  },
  'pins of programs and maps': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      const [program, map] = ['/sys/fs/bpf/kernels_program', '/sys/fs/bpf/kernels_map']
      try {
        object.programs.drop.pin(program)
        using again = Program.open(program)
        assert.equal(again.info().id, object.programs.drop.info().id)
        object.maps.hits.pin(map)
        const Hits = struct({ packets: u64, bytes: u64 })
        using opened = HashMap.open(map, { key: u32, value: Hits })
        opened.set(1, { packets: 1n, bytes: 2n })
        assert.equal(object.maps.hits.get(1)?.bytes, 2n)
      } finally {
        rmSync(program, { force: true })
        rmSync(map, { force: true })
      }
    },
  },
  'tail calls': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      object.maps.next.set(1, object.programs.drop)
      assert.equal(object.programs.jump.testRun({ data: packet }).returnValue, 1)
    },
  },
  'test runs with live frames': {
    since: '5.18',
    async run() {
      using object = await load(everywhere)
      object.programs.drop.testRun({ data: packet, liveFrames: true, repeat: 10 })
    },
  },
  statistics: {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      using _statistics = enableStatistics()
      object.programs.count.testRun({ data: packet, repeat: 3 })
      // Test runs are counted from 5.11 on; that they can be turned on is what counts here.
      assert.ok(object.programs.count.info().runCount >= 0n)
    },
  },
  'listing programs, maps and links': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      const { id, name, jitedSize, tag } = object.programs.count.info()
      assert.equal(name, 'count')
      assert.ok(jitedSize > 0)
      assert.match(tag, /^[0-9a-f]{16}$/)
      assert.ok([...listPrograms()].some((it) => it.id === id))
      assert.ok([...listMaps()].some((it) => it.id === object.maps.hits.info().id))
      assert.ok([...listLinks()].length >= 0)
      assert.ok(object.programs.count instanceof KernelObject)
    },
  },
  'what the kernel has, asked and by version': {
    since: '5.10',
    run() {
      const expected = [
        { mapType: 'hash' },
        { mapType: 'ringbuf' },
        { mapType: 'bloom_filter' },
        { mapType: 'user_ringbuf' },
        { mapType: 'arena' },
        { programType: 'sk_lookup' },
        { programType: 'xdp', helper: 'bpf_redirect_map' },
        { programType: 'xdp', helper: 'bpf_xdp_load_bytes' },
        { programType: 'sched_cls', helper: 'bpf_redirect_peer' },
        { programType: 'xdp', helper: 'bpf_loop' },
      ] as const
      for (const feature of expected) {
        const since = requiredKernel(feature) ?? ''
        assert.equal(isSupported(feature), isKernel(since), `${JSON.stringify(feature)} since ${since}`)
      }
    },
  },
  preflight: {
    since: '5.10',
    run() {
      const { ready, problems, btf, jit, bpffs } = preflight()
      assert.deepEqual({ ready, problems, btf, jit }, { ready: true, problems: [], btf: true, jit: 'on' })
      assert.ok(bpffs.includes('/sys/fs/bpf'))
    },
  },
  'events by a ring buffer': {
    since: '5.10',
    async run() {
      using object = await load(rings)
      object.programs.emit.testRun({ data: packet, repeat: 3 })
      assert.deepEqual(
        object.maps.events.drain().map(({ sequence, length }) => [sequence, length]),
        [0n, 1n, 2n].map((sequence) => [sequence, 64]),
      )
      const signal = AbortSignal.timeout(60_000)
      setTimeout(() => object.programs.emit.testRun({ data: packet }), 100)
      for await (const event of object.maps.events.events({ signal })) {
        assert.equal(event.sequence, 3n)
        break
      }
    },
  },
  'events by a perf event array': {
    since: '5.10',
    async run() {
      using object = await load(rings)
      object.maps.samples.listen()
      object.programs.sample.testRun({ data: packet, repeat: 3 })
      assert.equal([...object.maps.samples.drain()].length, 3)
    },
  },
}
export default core

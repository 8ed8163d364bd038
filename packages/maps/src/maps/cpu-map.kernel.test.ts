import { cpus as processorsOf } from 'node:os'
import { load, Program, RawMap } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { topology } from '@millrace/testing'
import { attachXdp } from '@millrace/xdp'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { processors } from '../../test/generated/processors.bpf.js'
import { address, datagramsOf, sendDatagram } from '../../test/hub.js'
import { CpuMap } from '../index.js'

const possible = nativeBinding().possibleCpus()
/** one that runs */
const last = processorsOf().length - 1
const object = await load(processors, { maps: { cpus: { maxEntries: possible } } })
const { programs, maps, variables } = object

afterAll(() => object.close())

describe('a CpuMap', () => {
  test('is a map of processor to queue', () => {
    using cpus = CpuMap.create({ name: 'cpus' })
    expect([cpus.type, cpus.maxEntries]).toEqual(['cpumap', possible])
    expect(cpus.set(0, 192).set(last, { queueSize: 2048, program: programs.arrived })).toBe(cpus)
    expect(cpus.get(last)).toEqual({ queueSize: 2048, programId: programs.arrived.id })
    cpus.set(last, 16_384)
    expect(cpus.get(last)).toEqual({ queueSize: 16_384, programId: undefined })
    expect([...cpus.keys()]).toEqual([...new Set([0, last])])
    expect([cpus.delete(last), cpus.delete(last), cpus.has(last)]).toEqual([true, false, false])
    cpus.set(0, 192).clear()
    expect([...cpus]).toEqual([])
  })

  test('refuses processors that it does not have, and those that there cannot be', () => {
    using cpus = CpuMap.create({ name: 'cpus', maxEntries: possible + 1 })
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE' })
    expect(() => cpus.set(possible + 1, 192)).toThrow(outOfRange)
    expect(() => cpus.get(possible + 1)).toThrow(outOfRange)
    expect(() => cpus.delete(possible + 1)).toThrow(outOfRange)
    expect(() => cpus.set(possible, 192)).toThrow(`cpu is ${possible}, expected a processor that this system may have`)
    expect(() => cpus.get(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'cpu' }))
  })

  test('refuses queues of other lengths, and misspelt words', () => {
    using cpus = CpuMap.create({ name: 'cpus' })
    expect(() => cpus.set(0, 0)).toThrow('target is 0, expected an integer from 1 to 16384')
    expect(() => cpus.set(0, { queueSize: 16_385 })).toThrow(/^target\.queueSize is 16385/)
    expect(() => cpus.set(0, { queueLength: 7 } as never)).toThrow(expect.objectContaining({ argument: 'target' }))
    expect(() => cpus.set(0, undefined as never)).toThrow(expect.objectContaining({ argument: 'target' }))
    expect(() => CpuMap.create({ name: 'cpus', size: 2 } as never)).toThrow(/options/)
    expect([...cpus]).toEqual([])
  })

  test('refuses programs that were not loaded for it', () => {
    using bpffs = mountBpffs()
    using cpus = CpuMap.create({ name: 'cpus' })
    const set = (program: Program<'xdp'>) => cpus.set(0, { queueSize: 192, program })
    expect(() => set(programs.plain)).toThrow(
      "target.program.section is 'xdp', expected xdp/cpumap, or xdp.frags/cpumap: the kernel runs a program where it was loaded for",
    )
    expect(() => set(programs.forDevice)).toThrow(expect.objectContaining({ argument: 'target.program.section' }))
    programs.plain.pin(`${bpffs.path}/plain`)
    using opened = Program.open(`${bpffs.path}/plain`).as('xdp')
    expect(() => set(opened)).toThrow(
      "target.program is 'plain', expected a program that was loaded for such a map (section xdp/cpumap)",
    )
    expect(cpus.has(0)).toBe(false)
    expect(() => maps.plainCpus.set(0, { queueSize: 192, program: programs.arrived })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED', message: expect.stringMatching(/struct bpf_cpumap_val/) }),
    )
    expect(maps.plainCpus.set(0, 192).get(0)).toEqual({ queueSize: 192, programId: undefined })
  })

  test('can be pinned and opened again', () => {
    using bpffs = mountBpffs()
    using cpus = CpuMap.create({ name: 'cpus' })
    cpus.set(last, 512).pin(`${bpffs.path}/cpus`)
    using again = CpuMap.open(`${bpffs.path}/cpus`, { maxEntries: possible })
    expect(again.get(last)?.queueSize).toBe(512)
    again.close()
    expect(() => again.get(last)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(() => again.set(last, 512)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    using array = RawMap.create({ type: 'array', name: 'numbers', keySize: 4, valueSize: 8, maxEntries: possible })
    expect(() => CpuMap.from(array)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }))
  })
})

test('packets that a program redirects to a CpuMap go on at that processor', async () => {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  await using net = await topology({
    hosts: {
      a: { interfaces: { eth0: { addresses: [`${address.a}/24`] } }, sysctls },
      b: { interfaces: { eth0: { addresses: [`${address.b}/24`] } }, sysctls },
    },
    links: [['a:eth0', 'b:eth0']],
  })
  const { a, b } = net.hosts
  const heard = await datagramsOf(b)
  using _ = attachXdp(programs.toChosen, 'eth0', { netns: b.netns, mode: 'native' })

  const expected: string[] = []
  for (const cpu of new Set([0, last])) {
    maps.cpus.set(cpu, { queueSize: 192, program: programs.arrived })
    variables.chosen.set(cpu)
    const before = variables.ran.get()
    await sendDatagram(a, address.b, `to ${cpu}`)
    expected.push(`to ${cpu}`)
    await vi.waitFor(() => expect(heard).toEqual(expected), 10_000)
    expect([variables.ran.get() - before, variables.ranOn.get()]).toEqual([1, cpu])
  }

  const ran = variables.ran.get()
  maps.cpus.delete(last)
  await sendDatagram(a, address.b, 'to nowhere')
  maps.cpus.set(last, 192)
  await sendDatagram(a, address.b, 'without a program')
  await vi.waitFor(() => expect(heard).toEqual([...expected, 'without a program']), 10_000)
  expect(variables.ran.get()).toBe(ran)
  maps.cpus.clear()
})

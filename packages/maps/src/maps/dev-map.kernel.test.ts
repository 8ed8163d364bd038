import { execFileSync } from 'node:child_process'
import { load, Program, RawMap } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { attachXdp, type XdpAttachment } from '@millrace/xdp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { devices } from '../../test/generated/devices.bpf.js'
import { address, datagramsOf, framesReceived, makeHub, sendDatagram } from '../../test/hub.js'
import { DevMap } from '../index.js'

const net = await makeHub()
const object = await load(devices)
const { programs, maps } = object
const { a, b, c, hub } = net.hosts
const { netns } = hub
const port = (name: 'p0' | 'p1' | 'p2') => ({ interface: name, netns })
const index = (name: 'p0' | 'p1' | 'p2') => hub.interface(name).ifindex
const make = (maxEntries = 4) => DevMap.create({ name: 'ports', maxEntries })

afterAll(async () => {
  object.close()
  await net.close()
})

describe('a DevMap', () => {
  test('is a map of index to interface', () => {
    using ports = make()
    expect(ports.set(3, port('p2')).set(1, { interface: index('p1'), netns })).toBe(ports)
    expect(ports.get(1)).toEqual({ ifindex: index('p1'), programId: undefined })
    expect([ports.get(0), ports.has(0), ports.has(3)]).toEqual([undefined, false, true])
    expect([...ports]).toEqual([
      [1, { ifindex: index('p1'), programId: undefined }],
      [3, { ifindex: index('p2'), programId: undefined }],
    ])
    expect([...ports.keys()]).toEqual([1, 3])
    expect([...ports.values()].map(({ ifindex }) => ifindex)).toEqual([index('p1'), index('p2')])
    expect([ports.type, ports.maxEntries]).toEqual(['devmap', 4])

    ports.set(1, port('p0'))
    expect(ports.get(1)?.ifindex).toBe(index('p0'))
    expect([ports.delete(1), ports.delete(1), ports.has(1)]).toEqual([true, false, false])
    ports.set(0, port('p0')).clear()
    expect([...ports]).toEqual([])
  })

  test('takes the interfaces of its own namespace by name or by index', () => {
    using ports = make()
    ports.set(0, 'lo').set(1, 1)
    expect([ports.get(0)?.ifindex, ports.get(1)?.ifindex]).toEqual([1, 1])
  })

  test('holds programs, and tells their ids', () => {
    using ports = make()
    ports.set(0, { ...port('p0'), program: programs.stamp })
    expect(ports.get(0)).toEqual({ ifindex: index('p0'), programId: programs.stamp.id })
    ports.set(0, port('p0'))
    expect(ports.get(0)?.programId).toBeUndefined()
  })

  test('can be pinned and opened again', () => {
    using bpffs = mountBpffs()
    using ports = make()
    ports.set(2, port('p2')).pin(`${bpffs.path}/ports`)
    using again = DevMap.open(`${bpffs.path}/ports`, { maxEntries: 4 })
    expect([...again.keys()]).toEqual([2])
    expect(() => DevMap.open(`${bpffs.path}/ports`, { maxEntries: 5 })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
    )
    using array = RawMap.create({ type: 'array', name: 'numbers', keySize: 4, valueSize: 8, maxEntries: 4 })
    expect(() => DevMap.from(array)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }))
  })
})

describe('a DevMap refuses', () => {
  test('an index that it does not have', () => {
    using ports = make(2)
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'ports' })
    ports.set(1, port('p1'))
    expect(() => ports.set(2, port('p1'))).toThrow(outOfRange)
    expect(() => ports.get(2)).toThrow(outOfRange)
    expect(() => ports.has(2)).toThrow(outOfRange)
    expect(() => ports.delete(2)).toThrow(outOfRange)
    expect(() => ports.get(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
  })

  test('interfaces that there are not', () => {
    using ports = make()
    expect(() => ports.set(0, { interface: 'p7', netns })).toThrow(
      /^device\.interface is 'p7', expected an interface that exists in .*: lo, p\d, p\d, p\d; did you mean p\d\?/,
    )
    for (const none of [4_000_000, 0, -1, 'nowhere', '']) {
      expect(() => ports.set(0, none)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'device' }))
    }
    expect(() => ports.set(0, { interface: 'p0', netns: '/proc/0/ns/net' })).toThrow(
      expect.objectContaining({ argument: 'device.netns' }),
    )
    expect(() => ports.set(0, { netns } as never)).toThrow(expect.objectContaining({ argument: 'device.interface' }))
    expect(() => ports.set(0, { interface: 'p0', nets: netns } as never)).toThrow(/did you mean netns\?/)
    expect(() => ports.set(0, undefined as never)).toThrow(expect.objectContaining({ argument: 'device' }))
    expect([...ports]).toEqual([])
  })

  test('programs that were not loaded for it', async () => {
    using bpffs = mountBpffs()
    using ports = make()
    const set = (program: unknown) => ports.set(0, { ...port('p0'), program: program as Program<'xdp'> })
    expect(() => set(programs.pass)).toThrow(
      "device.program.section is 'xdp', expected xdp/devmap, or xdp.frags/devmap: the kernel runs a program where it was loaded for",
    )
    expect(() => set(programs.forCpu)).toThrow(expect.objectContaining({ argument: 'device.program.section' }))
    expect(() => set(programs.notXdp)).toThrow("device.program.type is 'sched_cls', expected xdp")
    expect(() => set(7)).toThrow(expect.objectContaining({ argument: 'device.program' }))
    // Of these the kernel alone knows what they were loaded for.
    programs.pass.pin(`${bpffs.path}/pass`)
    using opened = Program.open(`${bpffs.path}/pass`)
    expect(() => set(opened)).toThrow(
      "device.program is 'pass', expected a program that was loaded for such a map (section xdp/devmap)",
    )
    set(programs.stamp)
    expect(() => set(programs.stampFrags)).toThrow(/all with frags, or none/)
    expect(ports.get(0)?.programId).toBe(programs.stamp.id)

    const other = await load(devices)
    other.close()
    expect(() => set(other.programs.stamp)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED', what: 'program' }))
  })

  test('programs where values have no room for one', () => {
    const { plainPorts } = maps
    plainPorts.set(0, port('p0'))
    expect(plainPorts.get(0)).toEqual({ ifindex: index('p0'), programId: undefined })
    expect(() => plainPorts.set(0, { ...port('p0'), program: programs.stamp })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED', message: expect.stringMatching(/struct bpf_devmap_val/) }),
    )
    plainPorts.clear()
  })

  test('everything once it is frozen or closed', () => {
    const frozen = make()
    frozen.set(0, port('p0')).freeze()
    expect(() => frozen.set(0, port('p1'))).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(() => frozen.delete(0)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(frozen.get(0)?.ifindex).toBe(index('p0'))
    frozen.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => frozen.set(1, port('p1'))).toThrow(isClosed)
    expect(() => frozen.get(1)).toThrow(isClosed)
    expect(() => frozen.delete(1)).toThrow(isClosed)
    expect(() => [...frozen]).toThrow(isClosed)
  })
})

describe('packets that a program redirects to a DevMap', () => {
  let heard: readonly string[] = []
  let atC: readonly string[] = []
  // A veth takes packets of XDP when the other end has a program.
  let accepting: XdpAttachment[] = []
  beforeAll(async () => {
    accepting = [a, b, c].map((host) => attachXdp(programs.pass, 'eth0', { netns: host.netns, mode: 'native' }))
    ;[heard, atC] = await Promise.all([datagramsOf(b), datagramsOf(c)])
  })
  afterAll(() => {
    for (const attachment of accepting) attachment.close()
  })

  test('leave by the interface that is there, and past the program that is with it', async () => {
    using _ = attachXdp(programs.toPort, 'p0', { netns, mode: 'native' })
    maps.ports.set(1, port('p1'))
    await sendDatagram(a, address.b, 'first')
    await vi.waitFor(() => expect(heard).toEqual(['first']), 10_000)
    expect(object.variables.stamped.get()).toBe(0)

    maps.ports.set(1, { ...port('p1'), program: programs.stamp })
    await sendDatagram(a, address.b, 'second')
    await vi.waitFor(() => expect(heard).toEqual(['first', 'Eecond']), 10_000)
    expect(object.variables.stamped.get()).toBe(1)
    expect(object.variables.stampedIfindex.get()).toBe(index('p1'))

    maps.ports.set(1, port('p2'))
    await sendDatagram(a, address.b, 'third')
    maps.ports.set(1, port('p1'))
    await sendDatagram(a, address.b, 'fourth')
    await vi.waitFor(() => expect(heard).toEqual(['first', 'Eecond', 'fourth']), 10_000)
    maps.ports.clear()
  })

  test('leave by an interface of a map whose values have no room for programs', async () => {
    using _ = attachXdp(programs.toPlainPort, 'p0', { netns, mode: 'native' })
    maps.plainPorts.set(1, port('p1'))
    await sendDatagram(a, address.b, 'plain')
    await vi.waitFor(() => expect(heard.at(-1)).toBe('plain'), 10_000)
    maps.plainPorts.clear()
  })

  test('leave by all interfaces but their own, when they are broadcast', async () => {
    using _ = attachXdp(programs.toAllOthers, 'p0', { netns, mode: 'native' })
    maps.ports.set(0, port('p0')).set(1, port('p1')).set(3, port('p2'))
    const before = await framesReceived(a)
    await sendDatagram(a, address.all, 'to all')
    await vi.waitFor(() => expect([heard.at(-1), atC]).toEqual(['to all', ['to all']]), 10_000)
    expect(await framesReceived(a)).toBe(before)
    maps.ports.clear()
  })
})

describe('an interface that goes away', () => {
  const name = `mrd${process.pid}`
  const ip = (...args: string[]) => execFileSync('nsenter', [`--net=${netns}`, 'ip', ...args])

  test('leaves the map, and one of its name does not come back', async () => {
    using ports = make()
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`)
    ports
      .set(0, { interface: name, netns })
      .set(1, { interface: `${name}p`, netns })
      .set(2, port('p0'))
    ip('link', 'delete', name)
    await vi.waitFor(() => expect([...ports.keys()]).toEqual([2]), 10_000)
    expect(ports.delete(0)).toBe(false)
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`)
    expect(ports.has(0)).toBe(false)
    ports.set(0, { interface: name, netns })
    expect([...ports.keys()]).toEqual([0, 2])
    ip('link', 'delete', name)
  })

  test('leaves it too when it moves to another namespace', async () => {
    using ports = make()
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`)
    ports.set(0, { interface: name, netns })
    ip('link', 'set', name, 'netns', c.netns)
    await vi.waitFor(() => expect([...ports.keys()]).toEqual([]), 10_000)
    ports.set(0, { interface: name, netns: c.netns })
    expect(ports.has(0)).toBe(true)
    await c.run('ip', ['link', 'delete', name])
  })

  test('between being found and being put in is an error of its own', () => {
    using ports = make()
    const native = nativeBinding()
    const update = vi.spyOn(native, 'mapUpdateInNetns').mockImplementation((...call) => {
      update.mockRestore()
      ip('link', 'delete', name)
      return native.mapUpdateInNetns(...call)
    })
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`)
    expect(() => ports.set(0, { interface: name, netns })).toThrow(
      expect.objectContaining({ code: 'ERR_INTERFACE_GONE', interface: name }),
    )
    expect(ports.has(0)).toBe(false)
  })
})

import { load } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { devices } from '../../test/generated/devices.bpf.js'
import { address, datagramsOf, makeHub, sendDatagram } from '../../test/hub.js'
import { DevMapHash } from '../index.js'

const net = await makeHub()
const object = await load(devices)
const { programs, maps } = object
const { a, b, c, hub } = net.hosts
const { netns } = hub
const port = (name: 'p0' | 'p1' | 'p2') => ({ interface: name, netns })
const index = (name: 'p0' | 'p1' | 'p2') => hub.interface(name).ifindex
const make = (maxEntries = 4) => DevMapHash.create({ name: 'wires', maxEntries })

afterAll(async () => {
  object.close()
  await net.close()
})

describe('a DevMapHash', () => {
  test('is a map of any number to interface', () => {
    using wires = make()
    expect(wires.set(0xffff_ffff, port('p2')).set(4097, { ...port('p1'), program: programs.stampFrags })).toBe(wires)
    expect(wires.get(4097)).toEqual({ ifindex: index('p1'), programId: programs.stampFrags.id })
    expect([wires.get(1), wires.has(1), wires.has(0xffff_ffff)]).toEqual([undefined, false, true])
    expect([...wires].sort(([a], [b]) => a - b)).toEqual([
      [4097, { ifindex: index('p1'), programId: programs.stampFrags.id }],
      [0xffff_ffff, { ifindex: index('p2'), programId: undefined }],
    ])
    expect([wires.type, wires.maxEntries]).toEqual(['devmap_hash', 4])
    expect([wires.delete(4097), wires.delete(4097)]).toEqual([true, false])
    wires.clear()
    expect([...wires.keys()]).toEqual([])
  })

  test('has room for what it was made for', () => {
    using wires = make(2)
    wires.set(1, port('p0')).set(2, port('p0'))
    expect(() => wires.set(3, port('p0'))).toThrow(expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'wires' }))
    wires.set(2, port('p1')).delete(1)
    wires.set(3, port('p0'))
    expect([...wires.keys()].sort()).toEqual([2, 3])
  })

  test('creates only, where it is told to', () => {
    using wires = make()
    wires.set(1, port('p0'), 'create')
    expect(() => wires.set(1, port('p1'), 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
    expect(wires.get(1)?.ifindex).toBe(index('p0'))
    expect(() => wires.set(1, port('p1'), 'replace' as never)).toThrow(expect.objectContaining({ argument: 'mode' }))
  })

  test('refuses what is no key, and everything once it is closed', () => {
    const wires = make()
    expect(() => wires.set(-1, port('p0'))).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key' }))
    expect(() => wires.get('1' as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key' }))
    wires.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => wires.set(1, port('p0'))).toThrow(isClosed)
    expect(() => wires.get(1)).toThrow(isClosed)
    expect(() => [...wires]).toThrow(isClosed)
  })

  test('can be pinned and opened again', () => {
    using bpffs = mountBpffs()
    using wires = make()
    wires.set(7, port('p2')).pin(`${bpffs.path}/wires`)
    using again = DevMapHash.open(`${bpffs.path}/wires`)
    expect([...again.keys()]).toEqual([7])
    expect(() => DevMapHash.from(maps.ports.raw)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }))
  })

  test('loses an interface that is deleted', async () => {
    const name = `mrh${process.pid}`
    using wires = make()
    await hub.run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`])
    wires.set(1, { interface: name, netns }).set(2, port('p0'))
    await hub.run('ip', ['link', 'delete', name])
    await vi.waitFor(() => expect([...wires.keys()]).toEqual([2]), 10_000)
  })

  test('gives packets on by the interface that they came by', async () => {
    using _b = attachXdp(programs.pass, 'eth0', { netns: b.netns, mode: 'native' })
    using _p0 = attachXdp(programs.alongWire, 'p0', { netns, mode: 'native' })
    const heard = await datagramsOf(b)
    maps.wires.set(index('p0'), { ...port('p1'), program: programs.stamp })
    await sendDatagram(a, address.b, 'along')
    await vi.waitFor(() => expect(heard).toEqual(['Elong']), 10_000)
    expect(object.variables.stampedIfindex.get()).toBe(index('p1'))
    maps.wires.clear()
  })

  test('sends into other network namespaces than that of the program', async () => {
    const name = `mrw${process.pid}`
    const heard = await datagramsOf(c)
    // A wire whose near end is not on the hub: in a.
    await a.run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`])
    await a.run('ip', ['link', 'set', `${name}p`, 'netns', c.netns])
    await a.run('ip', ['link', 'set', name, 'up'])
    await c.run('ip', ['link', 'set', `${name}p`, 'up', 'address', c.interface('eth0').mac])
    using _far = attachXdp(programs.pass, `${name}p`, { netns: c.netns, mode: 'native' })
    using _p0 = attachXdp(programs.alongWire, 'p0', { netns, mode: 'native' })
    maps.wires.set(index('p0'), { interface: name, netns: a.netns })
    await c.sysctl('net.ipv4.conf.all.rp_filter', 0)
    await sendDatagram(a, address.c, 'elsewhere')
    await vi.waitFor(() => expect(heard).toEqual(['elsewhere']), 10_000)
    await a.run('ip', ['link', 'delete', name])
  })
})

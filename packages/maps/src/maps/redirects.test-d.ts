import { Socket } from 'node:net'
import type { Program } from '@millrace/core'
import { describe, expectTypeOf, test } from 'vitest'
import { type CpuEntry, CpuMap, type DeviceEntry, type DeviceSource, DevMap, DevMapHash, XskMap } from '../index.js'

declare const xdp: Program<'xdp'>
declare const tc: Program<'sched_cls'>

describe('maps of interfaces', () => {
  const ports = DevMap.create({ name: 'ports', maxEntries: 4 })
  const wires = DevMapHash.create({ name: 'wires', maxEntries: 4 })

  test('take names, indexes or more, and give indexes', () => {
    expectTypeOf(ports.get(0)).toEqualTypeOf<DeviceEntry | undefined>()
    expectTypeOf([...wires]).toEqualTypeOf<[number, DeviceEntry][]>()
    expectTypeOf(ports.set(0, 'eth0').set(1, 2)).toEqualTypeOf<DevMap>()
    expectTypeOf(wires.set).parameter(1).toEqualTypeOf<DeviceSource>()
    ports.set(0, { interface: 'eth0', netns: 'guests', program: xdp })
    wires.set(4097, 'eth0', 'create')
    // @ts-expect-error: the kernel would make an entry
    wires.set(4097, 'eth0', 'replace')
    // @ts-expect-error: an array's index is always there
    ports.set(0, 'eth0', 'create')
    // @ts-expect-error: a tc program
    ports.set(0, { interface: 'eth0', program: tc })
    // @ts-expect-error: no interface
    ports.set(0, { program: xdp })
    // @ts-expect-error: what comes out does not go in
    ports.set(0, { ifindex: 2 })
    // @ts-expect-error: a key is a number
    wires.get('eth0')
    // @ts-expect-error: interfaces need no codec
    DevMap.create({ name: 'ports', maxEntries: 4, value: xdp })
  })
})

describe('a CpuMap', () => {
  test('takes queues, with a program or without', () => {
    const cpus = CpuMap.create({ name: 'cpus' })
    expectTypeOf(cpus.get(0)).toEqualTypeOf<CpuEntry | undefined>()
    expectTypeOf([...cpus.values()]).toEqualTypeOf<CpuEntry[]>()
    cpus.set(0, 192).set(1, { queueSize: 192, program: xdp })
    // @ts-expect-error: a tc program
    cpus.set(0, { queueSize: 192, program: tc })
    // @ts-expect-error: a queue has a length
    cpus.set(0, { program: xdp })
    // @ts-expect-error: a processor has a number
    cpus.set('0', 192)
  })
})

test('an XskMap takes descriptors, and gives nothing back', () => {
  const sockets = XskMap.create({ name: 'sockets', maxEntries: 4 })
  expectTypeOf(sockets.set(0, 3).set(1, 4, 'create')).toEqualTypeOf<XskMap>()
  // @ts-expect-error: Node.js has no AF_XDP sockets
  sockets.set(0, new Socket())
  // @ts-expect-error: the kernel does not tell
  sockets.get(0)
})

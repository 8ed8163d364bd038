import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { RawMap } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { addForeignProgram, hasClsact, tc } from '../test/foreign.js'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { adoptTc, attachTc, purgeTc, queryTc } from './index.js'

const bpffs = useBpffs()
const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c, d } = witnesses.programs
const { near, far } = network.hosts

let run = 0
let pinRoot = ''

beforeEach(() => {
  pinRoot = `${bpffs.path}/run-${++run}`
})

afterEach(async () => {
  for (const { netns } of [near, far]) purgeTc({ pinRoot, netns })
  if (await hasClsact(far)) await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

const on = (host: typeof far, direction: 'ingress' | 'egress', mechanism: 'tcx' | 'clsact') =>
  ({ netns: host.netns, direction, mechanism }) as const
const names = (host: typeof far, direction: 'ingress' | 'egress') =>
  queryTc('eth0', { netns: host.netns, direction, pinRoot, pids: false }).programs.map(({ program }) => program?.name)

describe('purgeTc', () => {
  it('removes what was adopted, its pins and folder, and says what it was', async () => {
    adoptTc(a, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot, name: 'one' }).close()
    adoptTc(b, 'eth0', { ...on(far, 'egress', 'clsact'), pinRoot, name: 'two' }).close()
    expect(purgeTc({ pinRoot, netns: far.netns })).toEqual([
      { what: 'link', interface: 'eth0', direction: 'ingress', name: 'one' },
      { what: 'filter', interface: 'eth0', direction: 'egress', name: 'two' },
      { what: 'qdisc', interface: 'eth0', direction: undefined, name: undefined },
    ])
    expect(names(far, 'ingress')).toEqual([])
    expect(names(far, 'egress')).toEqual([])
    expect(await hasClsact(far)).toBe(false)
    expect(existsSync(`${pinRoot}/tc`)).toBe(false)
    expect(purgeTc({ pinRoot, netns: far.netns })).toEqual([])
  })

  it('removes filters that a process has left, and their qdisc', async () => {
    attachTc(a, 'eth0', { ...on(far, 'ingress', 'clsact'), name: 'left' }).leave()
    expect(purgeTc({ pinRoot, netns: far.netns })).toEqual([
      { what: 'filter', interface: 'eth0', direction: 'ingress', name: 'left' },
      { what: 'qdisc', interface: 'eth0', direction: undefined, name: undefined },
    ])
    expect(await hasClsact(far)).toBe(false)
  })

  it('removes nothing of others', async () => {
    await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(far, { direction: 'ingress', priority: 5 }, 'stop')
    const other = `${pinRoot}-other`
    const { ifindex } = far.interface('eth0')
    const target = { ifindex, netns: far.netns }
    const native = nativeBinding()
    expect(native.programAttach(d.handle, target, 46, { flags: 0, relativeId: 0, expectedRevision: 0n }, 0)).toBeNull()
    try {
      adoptTc(a, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot, name: 'mine' }).close()
      adoptTc(b, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot: other, name: 'theirs' }).close()
      adoptTc(c, 'eth0', { ...on(far, 'ingress', 'clsact'), pinRoot: other, name: 'theirs-too' }).close()
      expect(purgeTc({ pinRoot, netns: far.netns })).toMatchObject([{ what: 'link', name: 'mine' }])
      expect(names(far, 'ingress')).toEqual(['d', 'b', 'stop', 'c'])
      expect(await hasClsact(far)).toBe(true)
    } finally {
      native.programDetach(d.handle, target, 46)
      purgeTc({ pinRoot: other, netns: far.netns })
    }
    expect(names(far, 'ingress')).toEqual(['stop'])
    expect(await hasClsact(far)).toBe(true)
  })

  it('stays within a namespace when one is given, and else takes all pins of the root', () => {
    adoptTc(a, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot, name: 'far' }).close()
    adoptTc(b, 'eth0', { ...on(near, 'ingress', 'tcx'), pinRoot, name: 'near' }).close()
    expect(purgeTc({ pinRoot, netns: far.netns })).toMatchObject([{ what: 'link', name: 'far' }])
    expect(names(near, 'ingress')).toEqual(['b'])
    expect(purgeTc({ pinRoot })).toEqual([{ what: 'link', interface: undefined, direction: undefined, name: 'near' }])
    expect(names(near, 'ingress')).toEqual([])
  })

  it('removes pins that hold nothing any more, which adoption does as well', async () => {
    const leave = async (name: string) => {
      await far.run('ip', ['link', 'add', 'gone0', 'type', 'veth', 'peer', 'name', 'gone1'])
      adoptTc(a, 'gone0', { ...on(far, 'ingress', 'tcx'), pinRoot, name }).close()
      await far.run('ip', ['link', 'delete', 'gone0'])
    }
    await leave('stale')
    expect(readdirSync(`${pinRoot}/tc`)).toHaveLength(1)
    adoptTc(b, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot, name: 'alive' }).close()
    expect(readdirSync(`${pinRoot}/tc`)).toEqual([expect.stringMatching(/^alive@ingress-\d+-\d+$/)])
    await leave('stale')
    expect(purgeTc({ pinRoot, netns: far.netns })).toEqual([
      { what: 'link', interface: 'eth0', direction: 'ingress', name: 'alive' },
      { what: 'pin', interface: undefined, direction: undefined, name: 'stale' },
    ])
  })

  it('leaves what it did not put into the folder', () => {
    adoptTc(a, 'eth0', { ...on(far, 'ingress', 'tcx'), pinRoot, name: 'mine' }).close()
    using map = RawMap.create({ type: 'array', name: 'foreign', keySize: 4, valueSize: 4, maxEntries: 1 })
    map.pin(`${pinRoot}/tc/map@ingress-1-1`)
    mkdirSync(`${pinRoot}/tc/folder`)
    try {
      expect(purgeTc({ pinRoot, netns: far.netns })).toMatchObject([{ what: 'link', name: 'mine' }])
      expect(readdirSync(`${pinRoot}/tc`).toSorted()).toEqual(['folder', 'map@ingress-1-1'])
    } finally {
      map.unpin()
      rmdirSync(`${pinRoot}/tc/folder`)
    }
  })

  it('has nothing to do where the root does not exist, and does not make it', () => {
    expect(purgeTc({ pinRoot, netns: far.netns })).toEqual([])
    expect(existsSync(pinRoot)).toBe(false)
  })
})

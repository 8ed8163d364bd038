import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PinError } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { adoptTc, purgeTc, queryTc } from './index.js'

const bpffs = useBpffs()
const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b } = witnesses.programs
const { netns } = network.hosts.far

afterEach(() => {
  purgeTc({ pinRoot: bpffs.path, netns })
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

const adopt = (mechanism: 'auto' | 'tcx' | 'clsact', pinRoot: string) =>
  adoptTc(a, 'eth0', { netns, direction: 'ingress', name: 'guard', mechanism, pinRoot })
const listed = () => queryTc('eth0', { netns, direction: 'ingress', pids: false }).programs

describe('a pin root that is on no bpf filesystem', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-no-bpffs-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(['auto', 'tcx'] as const)('is refused before anything is attached, with mechanism %s', (mechanism) => {
    const root = join(folder, 'root')
    expect(() => adopt(mechanism, root)).toThrow(PinError)
    expect(() => adopt(mechanism, root)).toThrow(`${root}/tc: ${folder} is not on a bpf filesystem; pin below one`)
    expect(listed()).toEqual([])
    expect(existsSync(root)).toBe(false)
  })

  it('will do for clsact, which needs only the lock', () => {
    const root = join(folder, 'clsact')
    adopt('clsact', root).close()
    expect(adopt('clsact', root).adopted).toBe(true)
    expect(purgeTc({ pinRoot: root, netns })).toMatchObject([{ what: 'filter', name: 'guard' }, { what: 'qdisc' }])
    expect(existsSync(`${root}/tc`)).toBe(false)
  })
})

describe('a pin root that cannot be one', () => {
  it.each([
    ['has a dot', 'with.dot', 'a bpf filesystem takes no name with a dot'],
    ['is below a pin', 'pin/below', 'is a pin or a file, and no folder'],
    ['is a pin', 'pin', 'is a pin or a file, and no folder'],
    ['has a pin in its place', 'taken', 'is a pin or a file, and no folder'],
  ])('because it %s is said to be', (_, name, reason) => {
    a.pin(join(bpffs.path, 'pin'))
    mkdirSync(join(bpffs.path, 'taken'))
    b.pin(join(bpffs.path, 'taken/tc'))
    try {
      for (const mechanism of ['auto', 'clsact'] as const) {
        expect(() => adopt(mechanism, join(bpffs.path, name))).toThrow(PinError)
        expect(() => adopt(mechanism, join(bpffs.path, name))).toThrow(reason)
      }
      expect(listed()).toEqual([])
    } finally {
      rmSync(join(bpffs.path, 'pin'))
      rmSync(join(bpffs.path, 'taken'), { recursive: true })
    }
  })
})

it('cannot be made where no folder can be', () => {
  expect(() => adopt('clsact', '/proc/millrace')).toThrow(PinError)
})

describe('the lock on the folder', () => {
  it('is waited for, in vain when its holder keeps it', { timeout: 40_000 }, () => {
    const folder = `${bpffs.path}/tc`
    mkdirSync(folder)
    const lock = nativeBinding().lock(folder, false)
    if (typeof lock !== 'number') throw new Error(`errno ${lock.errno}`)
    try {
      expect(() => adopt('tcx', bpffs.path)).toThrow(
        `the lock on ${folder} is taken by another program; it has been changing the pins below ${folder} for 10 s`,
      )
    } finally {
      nativeBinding().close(lock)
    }
    expect(listed()).toEqual([])
    adopt('tcx', bpffs.path).detach()
  })

  it('is not that of a folder which was removed meanwhile', () => {
    const attachment = adopt('tcx', bpffs.path)
    purgeTc({ pinRoot: bpffs.path, netns })
    expect(existsSync(`${bpffs.path}/tc`)).toBe(false)
    expect(() => attachment.update(b)).toThrow(/somebody has detached the link/)
    attachment.detach()
    const again = adopt('tcx', bpffs.path)
    expect(again.adopted).toBe(false)
    again.detach()
    rmdirSync(`${bpffs.path}/tc`)
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { useBpffs } from '../../test/support/bpffs.js'
import { frame, objectFile } from '../../test/support/objects.js'
import { MapIncompatibleError, PinError, VerifierError } from '../errors/index.js'
import { RawMap } from '../raw-map.js'
import { defineObject } from '../spec.js'
import { load, loadSync } from './load.js'

const bpffs = useBpffs()
const pinned = objectFile('pinned')
let roots = 0
/** A folder that does not exist yet. */
const freshRoot = () => `${bpffs.path}/root${roots++}`
const lookup = (map: RawMap | undefined, key: number) => {
  const value = new Uint8Array(8)
  const result = map?.lookup(new Uint8Array([key, 0, 0, 0]), value)
  return result === 0 ? value[0] : result
}

describe('maps that are pinned by name', () => {
  it('appear under the pin root, and the next load uses them', async () => {
    const pinRoot = freshRoot()
    {
      using first = await load(pinned, { pinRoot })
      expect(readdirSync(pinRoot).sort()).toEqual(['ports', 'sessions'])
      expect(first.maps.sessions?.pinPath).toBe(`${pinRoot}/sessions`)
      expect(first.maps.scratch?.pinPath).toBeUndefined()
      first.programs.remember?.testRun({ data: frame() })
    }
    using second = await load(pinned, { pinRoot })
    expect(lookup(second.maps.sessions, 1)).toBe(1)
    expect(lookup(second.maps.scratch, 0)).toBe(0)
    second.maps.sessions?.unpin()
    second.maps.ports?.unpin()
    expect(readdirSync(pinRoot)).toEqual([])
  })

  it('may be pinned elsewhere, or not at all', async () => {
    const path = `${bpffs.path}/my-sessions`
    const pinRoot = freshRoot()
    using object = await load(pinned, {
      pinRoot,
      maps: { sessions: { pin: path }, ports: { pin: null }, scratch: { pin: `${path}2` } },
    })
    expect(existsSync(path)).toBe(true)
    expect(existsSync(`${path}2`)).toBe(true)
    expect(existsSync(pinRoot)).toBe(false)
    object.maps.sessions?.unpin()
    object.maps.scratch?.unpin()
  })

  it('that are something else are an error that lists every difference, and stay as they are', async () => {
    const pinRoot = freshRoot()
    using first = await load(pinned, { pinRoot })
    using other = RawMap.create({
      type: 'lru_hash',
      name: 'other',
      keySize: 8,
      valueSize: 4,
      maxEntries: 100,
      flags: 2,
    })
    first.maps.sessions?.unpin()
    other.pin(`${pinRoot}/sessions`)
    const error = await load(pinned, { pinRoot }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(MapIncompatibleError)
    expect(error).toMatchObject({
      code: 'ERR_MAP_INCOMPATIBLE',
      path: `${pinRoot}/sessions`,
      differences: [
        { field: 'type', pinned: 'lru_hash', wanted: 'hash' },
        { field: 'keySize', pinned: 8, wanted: 4 },
        { field: 'valueSize', pinned: 4, wanted: 8 },
        { field: 'maxEntries', pinned: 100, wanted: 16 },
        { field: 'flags', pinned: '0x2', wanted: '0x0' },
      ],
    })
    expect(readdirSync(pinRoot).sort()).toEqual(['ports', 'sessions'])
    other.unpin()
    first.maps.ports?.unpin()
  })

  it('whose fields were named or placed otherwise are refused, though their sizes agree', async () => {
    const path = `${bpffs.path}/counters`
    using first = await load(objectFile('basic'), { maps: { counters: { pin: path } } })
    const other = { maps: { totals: { pin: path } } }
    const error = await load(objectFile('other-layout'), other).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(MapIncompatibleError)
    expect((error as MapIncompatibleError).differences).toEqual([
      { field: 'value, field packets', pinned: 'u64 @0', wanted: 'u64 @64' },
      { field: 'value, field bytes', pinned: 'u64 @64', wanted: 'u64 @0' },
    ])
    await expect(
      load(objectFile('other-layout'), { maps: { totals: { replace: first.maps.counters as RawMap } } }),
    ).rejects.toThrow(/handed over is not compatible:\s+value, field packets is u64 @0, wanted u64 @64/)
    first.maps.counters?.unpin()
  })

  it('with another size than the pinned one are refused, and taken when the size is given', async () => {
    const pinRoot = freshRoot()
    using first = await load(pinned, { pinRoot, maps: { sessions: { maxEntries: 32 } } })
    await expect(load(pinned, { pinRoot })).rejects.toThrow(/maxEntries is 32, wanted 16/)
    using second = await load(pinned, { pinRoot, maps: { sessions: { maxEntries: 32 } } })
    expect(second.maps.sessions?.id).toBe(first.maps.sessions?.id)
    first.maps.sessions?.unpin()
    first.maps.ports?.unpin()
  })

  it('are shared by loads that go on at the same time', async () => {
    const pinRoot = freshRoot()
    const [first, second] = await Promise.all([load(pinned, { pinRoot }), load(pinned, { pinRoot })])
    expect(second.maps.sessions?.id).toBe(first.maps.sessions?.id)
    expect(second.maps.ports?.id).toBe(first.maps.ports?.id)
    expect(second.maps.scratch?.id).not.toBe(first.maps.scratch?.id)
    first.maps.sessions?.unpin()
    first.maps.ports?.unpin()
    first.close()
    second.close()
  })

  it('cannot be two at one path', async () => {
    const pin = `${bpffs.path}/both`
    await expect(load(pinned, { maps: { sessions: { pin }, ports: { pin } } })).rejects.toThrow(PinError)
    expect(existsSync(pin)).toBe(false)
  })

  it('cannot have a dot in their path', async () => {
    const pinRoot = `${freshRoot()}/my.app`
    await expect(load(pinned, { pinRoot })).rejects.toThrow(/my\.app: the folder cannot be made: .* no name with a dot/)
    const pin = `${bpffs.path}/my.map`
    await expect(load(pinned, { maps: { sessions: { pin }, ports: { pin: null } } })).rejects.toThrow(
      /my\.map: a bpf filesystem takes no name with a dot/,
    )
  })

  it('want a bpf filesystem', async () => {
    const error = await load(pinned, { pinRoot: '/tmp/millrace-no-bpffs' }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(PinError)
    expect((error as PinError).message).toMatch(/\/tmp is not on a bpf filesystem; pin below one/)
    expect(existsSync('/tmp/millrace-no-bpffs')).toBe(false)
  })

  it('do not take the pin of a program for a map', async () => {
    const pinRoot = freshRoot()
    using first = await load(pinned, { pinRoot })
    first.maps.sessions?.unpin()
    first.programs.remember?.pin(`${pinRoot}/sessions`)
    await expect(load(pinned, { pinRoot })).rejects.toThrow(/a program is pinned there and not a map/)
    first.programs.remember?.unpin()
    first.maps.ports?.unpin()
  })

  it('can be shared and pinned in one go', async () => {
    const path = `${freshRoot()}/deep/flows`
    using mine = RawMap.create({ type: 'hash', name: 'mine', keySize: 4, valueSize: 8, maxEntries: 16 })
    const maps = { sessions: { replace: mine, pin: path }, ports: { pin: null } }
    using object = await load(pinned, { maps })
    using opened = RawMap.open(path)
    expect(opened.id).toBe(mine.id)
    expect(object.maps.sessions?.id).toBe(mine.id)
    await expect(load(pinned, { maps })).rejects.toThrow(/another map is pinned there/)
    opened.unpin()
  })
})

describe('a load that fails', () => {
  it('takes its pins and folders away again', async () => {
    const pinRoot = `${freshRoot()}/deep`
    await expect(load(objectFile('pinned-refused'), { pinRoot })).rejects.toThrow(VerifierError)
    expect(existsSync(pinRoot)).toBe(false)
  })

  it('leaves pins that were there before', async () => {
    const pinRoot = freshRoot()
    using first = await load(pinned, { pinRoot })
    first.programs.remember?.testRun({ data: frame() })
    await expect(load(objectFile('pinned-refused'), { pinRoot })).rejects.toThrow(VerifierError)
    expect(readdirSync(pinRoot).sort()).toEqual(['ports', 'sessions'])
    expect(lookup(first.maps.sessions, 1)).toBe(1)
    first.maps.sessions?.unpin()
    first.maps.ports?.unpin()
  })

  it('leaves pins that another load has made meanwhile', async () => {
    const pinRoot = freshRoot()
    const controller = new AbortController()
    // As bytes, so that both are on their threads after this turn.
    const aborted = load(readFileSync(pinned), { pinRoot, signal: controller.signal })
    const refused = load(readFileSync(objectFile('pinned-refused')), { pinRoot })
    await new Promise((resolve) => process.nextTick(resolve))
    using first = loadSync(pinned, { pinRoot })
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(refused).rejects.toThrow(VerifierError)
    expect(readdirSync(pinRoot).sort()).toEqual(['ports', 'sessions'])
    first.maps.sessions?.unpin()
    first.maps.ports?.unpin()
  })

  it('after the kernel took it, in a typed map, takes its pins away as well', async () => {
    const pinRoot = freshRoot()
    const wrap = () => {
      throw new Error('no such typed map')
    }
    const programs = { remember: { name: 'remember', type: 'xdp', section: 'xdp' } } as const
    const sessions = { name: 'sessions', type: 'hash', maxEntries: 16, wrap }
    const spec = defineObject({
      name: 'pinned',
      file: pinned,
      maps: { sessions },
      programs,
      constants: {},
      variables: {},
    })
    await expect(load(spec, { pinRoot })).rejects.toThrow('no such typed map')
    expect(existsSync(pinRoot)).toBe(false)
  })

  it('through its signal takes its pins away as well', async () => {
    const pinRoot = freshRoot()
    const controller = new AbortController()
    const loading = load(pinned, { pinRoot, signal: controller.signal })
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(loading).rejects.toThrow('enough')
    expect(existsSync(pinRoot)).toBe(false)
  })
})

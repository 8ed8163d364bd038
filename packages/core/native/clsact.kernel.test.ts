import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Handle, type NativeFilter, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { useNamespace } from '../test/support/namespace.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()
const namespace = useNamespace()
/** Of every namespace. */
const LO = 1
const NOWHERE = 999_999
const INGRESS = 0xffff_fff2
const EGRESS = 0xffff_fff3
const ETH_P_ALL = 3
let program: Handle
let object: Handle

beforeAll(() => {
  const opened = native.objectOpen(readFileSync(objectFile('basic')), 'basic', {})
  if ('errno' in opened) throw new Error(opened.log)
  object = opened.handle
  const loaded = native.objectLoadSync(object)
  if ('errno' in loaded) throw new Error(loaded.log)
  program = loaded.programs.mark ?? 0
  for (const handle of [...Object.values(loaded.maps), ...Object.values(loaded.programs)])
    if (handle !== program) native.close(handle)
})
afterAll(() => {
  native.close(program)
  native.close(object)
})
afterEach(() => {
  native.clsactDelete(LO, namespace.path)
})

/** What iproute2 has to say, or does, in the namespace. */
function tc(...words: string[]): string {
  return execFileSync('nsenter', [`--net=${namespace.path}`, 'tc', ...words], { encoding: 'utf8', stdio: 'pipe' })
}

function list(parent = INGRESS): readonly NativeFilter[] {
  const filters = native.filterList(LO, parent, namespace.path)
  if ('errno' in filters) throw new Error(`errno ${filters.errno}: ${filters.log}`)
  return filters
}

function set(priority: number, handle: number, { name = 'ours', replace = false, parent = INGRESS } = {}) {
  return native.filterSet(program, LO, parent, { priority, handle, name, replace }, namespace.path)
}

/** The first filter, of priority 10 where it is not told another, and the qdisc. */
function setWithQdisc({ priority = 10, parent = INGRESS, ifindex = LO, netns = namespace.path, replace = false } = {}) {
  const filter = { priority, handle: 1, name: 'ours', replace }
  return native.filterSetWithQdisc(program, ifindex, parent, filter, netns)
}

function deleteWithQdisc(priority = 10, handle = 1, { parent = INGRESS, programId = ourId() } = {}) {
  return native.filterDeleteWithQdisc(LO, parent, priority, handle, programId, namespace.path)
}

function ourId(): number {
  const info = native.programInfo(program)
  if ('errno' in info) throw new Error(`errno ${info.errno}`)
  return info.id
}

const makeQdisc = () => tc('qdisc', 'add', 'dev', 'lo', 'clsact')
const occupied = { errno: errno.ENOTEMPTY, log: expect.any(String) }
const exists = () => native.clsactExists(LO, namespace.path)

describe('the qdisc', () => {
  it('is made once and removed once', () => {
    expect(exists()).toBe(false)
    expect(setWithQdisc()).toEqual({ qdisc: null, filter: null })
    expect(exists()).toBe(true)
    expect(tc('qdisc', 'show', 'dev', 'lo')).toContain('qdisc clsact ffff: parent ffff:fff1')
    expect(list()).toMatchObject([{ name: 'ours', priority: 10 }])
    const taken = { errno: errno.EEXIST, log: 'Exclusivity flag on, cannot modify' }
    expect(setWithQdisc({ priority: 20 })).toEqual({ qdisc: taken, filter: null })
    expect(setWithQdisc()).toEqual({ qdisc: taken, filter: { errno: errno.EEXIST, log: 'Filter already exists' } })
    expect(list()).toHaveLength(2)
    expect(native.clsactDelete(LO, namespace.path)).toBeNull()
    expect(exists()).toBe(false)
    expect(native.clsactDelete(LO, namespace.path)).toMatchObject({ errno: expect.any(Number) })
  })

  it('is not an ingress qdisc, which has the same place', () => {
    tc('qdisc', 'add', 'dev', 'lo', 'ingress')
    try {
      tc('filter', 'add', 'dev', 'lo', 'ingress', 'protocol', 'ip', 'u32', 'match', 'u32', '0', '0')
      expect(exists()).toBe(false)
      expect(setWithQdisc()).toEqual({ errno: errno.EBUSY, log: '' })
      expect(setWithQdisc({ parent: EGRESS })).toEqual({ errno: errno.EBUSY, log: '' })
      const [theirs] = list()
      expect(deleteWithQdisc(theirs?.priority, theirs?.handle, { programId: 0 })).toMatchObject(occupied)
      expect(native.clsactDelete(LO, namespace.path)).toMatchObject({
        errno: errno.EINVAL,
      })
      expect(list()).toMatchObject([{ kind: 'u32' }])
      // The kernel would name the same filters again.
      expect(list(EGRESS)).toEqual([])
    } finally {
      tc('qdisc', 'del', 'dev', 'lo', 'ingress')
    }
  })

  it('is not that of an interface, or in a namespace, which does not exist', () => {
    const gone = { errno: errno.ENODEV, log: expect.any(String) }
    expect(setWithQdisc({ ifindex: NOWHERE })).toEqual(gone)
    expect(native.filterDeleteWithQdisc(NOWHERE, INGRESS, 10, 1, 1, namespace.path)).toEqual(gone)
    expect(native.clsactDelete(NOWHERE, namespace.path)).toEqual(gone)
    expect(native.clsactExists(NOWHERE, namespace.path)).toEqual(gone)
    expect(native.filterList(NOWHERE, INGRESS, namespace.path)).toEqual(gone)
    const nowhere = {
      errno: errno.ENOENT,
      log: '',
    }
    expect(setWithQdisc({ netns: '/proc/nowhere' })).toEqual(nowhere)
    expect(native.filterDeleteWithQdisc(LO, INGRESS, 10, 1, 1, '/proc/nowhere')).toEqual(nowhere)
    expect(native.clsactExists(LO, '/proc/nowhere')).toEqual(nowhere)
    expect(native.filterList(LO, INGRESS, '/proc/nowhere')).toEqual(nowhere)
  })
})

describe('the qdisc with its first filter', () => {
  it('stays behind alone when that is refused', () => {
    // Nothing is there to be replaced.
    const answer = setWithQdisc({ replace: true })
    expect(answer).toMatchObject({ qdisc: null, filter: { errno: errno.ENOENT, log: expect.any(String) } })
    expect(exists()).toBe(true)
    expect(list()).toEqual([])
  })

  it('is not made when what is told about the filter cannot be', () => {
    for (const filter of [{ priority: 0 }, { priority: 65_536 }, { parent: 0 }])
      expect(setWithQdisc(filter)).toEqual({ errno: errno.EINVAL, log: '' })
    const filter = { priority: 1, handle: 1, name: '', replace: false }
    const answer = native.filterSetWithQdisc(12_345_678, LO, INGRESS, filter, namespace.path)
    expect(answer).toEqual({ errno: errno.EBADF, log: '' })
    expect(exists()).toBe(false)
  })
})

describe('the qdisc with its last filter', () => {
  it.each([INGRESS, EGRESS])('goes when that is alone (%i)', (parent) => {
    setWithQdisc({ parent })
    expect(deleteWithQdisc(10, 1, { parent })).toBeNull()
    expect(exists()).toBe(false)
    expect(deleteWithQdisc(10, 1, { parent })).toEqual(occupied)
  })

  it('stays while there is any other, in either direction', () => {
    const u32 = ['protocol', 'ip', 'u32', 'match', 'u32', '0', '0']
    for (const direction of ['ingress', 'egress']) {
      for (const parent of [INGRESS, EGRESS]) {
        setWithQdisc({ parent })
        tc('filter', 'add', 'dev', 'lo', direction, 'prio', '30', ...u32)
        expect(deleteWithQdisc(10, 1, { parent })).toEqual(occupied)
        expect([...list(), ...list(EGRESS)]).toHaveLength(2)
        tc('filter', 'del', 'dev', 'lo', direction, 'prio', '30')
        expect(deleteWithQdisc(10, 1, { parent })).toBeNull()
      }
    }
  })

  it('stays when it is another than was told', () => {
    setWithQdisc()
    for (const [priority, handle, other] of [
      [11, 1, {}],
      [10, 2, {}],
      [10, 1, { parent: EGRESS }],
      [10, 1, { programId: ourId() + 1 }],
    ] as const)
      expect(deleteWithQdisc(priority, handle, other)).toEqual(occupied)
    for (const [priority, handle] of [
      [0, 1],
      [10, 0],
    ] as const)
      expect(deleteWithQdisc(priority, handle)).toEqual({ errno: errno.EINVAL, log: '' })
    expect(list()).toHaveLength(1)
  })
})

describe('the list of filters', () => {
  it('is empty where there is no qdisc', () => {
    expect(list()).toEqual([])
    expect(list(EGRESS)).toEqual([])
  })

  it('has those of every kind, in the order in which they run', () => {
    makeQdisc()
    const u32 = ['protocol', 'ip', 'u32', 'match', 'u32', '0', '0']
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'chain', '7', 'prio', '1', ...u32)
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'prio', '30', ...u32)
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'prio', '30', ...u32)
    expect(set(40, 1, { name: 'elder' })).toBeNull()
    expect(set(40, 2, { name: 'younger' })).toBeNull()
    expect(set(20, 0xffff_ffff, { name: '' })).toBeNull()
    expect(set(1, 1, { parent: EGRESS, name: 'outwards' })).toBeNull()
    const ours = {
      kind: 'bpf',
      protocol: ETH_P_ALL,
      programId: ourId(),
      directAction: true,
    }
    const theirs = {
      kind: 'u32',
      protocol: 0x0800,
      programId: 0,
      directAction: false,
      name: '',
    }
    expect(list()).toMatchObject([
      { ...ours, priority: 20, handle: 0xffff_ffff, chain: 0, name: '' },
      { ...theirs, priority: 30, chain: 0 },
      { ...theirs, priority: 30, chain: 0 },
      // Of one priority the last one made is the first to run.
      { ...ours, priority: 40, handle: 2, chain: 0, name: 'younger' },
      { ...ours, priority: 40, handle: 1, chain: 0, name: 'elder' },
      { ...theirs, priority: 1, chain: 7 },
    ])
    expect(list(EGRESS)).toMatchObject([{ ...ours, priority: 1, handle: 1, name: 'outwards' }])
  })

  it('has whatever else this kernel filters by', () => {
    makeQdisc()
    const words = {
      u32: ['u32', 'match', 'u32', '0', '0'],
      flower: ['flower', 'ip_proto', 'udp'],
      matchall: ['matchall'],
    }
    const known = Object.entries(words).flatMap(([kind, filter], index) => {
      try {
        tc('filter', 'add', 'dev', 'lo', 'egress', 'prio', `${index + 1}`, 'protocol', 'ip', ...filter)
        return [kind]
      } catch (error) {
        // A classifier is a module, and a kernel may be without.
        expect(String(error)).toMatch(/TC classifier not found/)
        return []
      }
    })
    expect(known).toContain('u32')
    expect(list(EGRESS).map(({ kind }) => kind)).toEqual(known)
    expect(list(EGRESS).every(({ handle, protocol }) => handle > 0 && protocol === 0x0800)).toBe(true)
  })

  it('is whole when the kernel tells it in many pieces', () => {
    makeQdisc()
    const priorities = Array.from({ length: 600 }, (_, index) => 5 * index + 1)
    const name = (priority: number) => `${'n'.repeat(250)}${priority}`
    for (const priority of priorities)
      expect(
        set(priority, 1, {
          name: name(priority),
        }),
      ).toBeNull()
    expect(list().map((filter) => filter.priority)).toEqual(priorities)
    expect(list().map((filter) => filter.name)).toEqual(priorities.map(name))
  })

  it('tells a classifier that has no filter in it', () => {
    makeQdisc()
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'prio', '9', 'protocol', 'ip', 'handle', '5:', 'u32', 'divisor', '16')
    expect(list()).toMatchObject([{ kind: 'u32', priority: 9 }])
  })
})

describe('a filter', () => {
  beforeEach(() => {
    makeQdisc()
  })

  it('is made only where there is none', () => {
    expect(set(10, 1)).toBeNull()
    expect(
      set(10, 1, {
        name: 'second',
      }),
    ).toEqual({ errno: errno.EEXIST, log: 'Filter already exists' })
    expect(list()).toMatchObject([{ name: 'ours' }])
  })

  it('is replaced only where there is one, and keeps its place', () => {
    expect(set(10, 1, { replace: true })).toMatchObject({
      errno: errno.ENOENT,
      log: expect.stringMatching(/NLM_F_CREATE/),
    })
    expect(list()).toEqual([])
    for (const handle of [1, 2, 3]) set(10, handle, { name: `number ${handle}` })
    expect(set(10, 2, { replace: true, name: 'another' })).toBeNull()
    expect(set(10, 9, { replace: true })).toMatchObject({ errno: errno.ENOENT })
    expect(list().map(({ name }) => name)).toEqual(['number 3', 'another', 'number 1'])
  })

  it('is removed alone', () => {
    for (const handle of [1, 2]) set(10, handle)
    expect(native.filterDelete(LO, INGRESS, 10, 3, namespace.path)).toMatchObject({
      errno: errno.ENOENT,
    })
    expect(native.filterDelete(LO, INGRESS, 10, 2, namespace.path)).toBeNull()
    expect(list()).toMatchObject([{ handle: 1 }])
    expect(native.filterDelete(LO, INGRESS, 10, 1, namespace.path)).toBeNull()
    expect(native.filterDelete(LO, INGRESS, 10, 1, namespace.path)).toEqual({
      errno: errno.ENOENT,
      log: 'Cannot find specified filter chain',
    })
  })

  it('does not take the place of one of another kind, nor removes it', () => {
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'prio', '10', 'protocol', 'all', 'u32', 'match', 'u32', '0', '0')
    const [theirs] = list()
    const refused = {
      errno: errno.EINVAL,
      log: 'Specified filter kind does not match existing one',
    }
    expect(set(10, 1)).toEqual(refused)
    expect(set(10, theirs?.handle ?? 0, { replace: true })).toEqual(refused)
    expect(native.filterDelete(LO, INGRESS, 10, theirs?.handle ?? 0, namespace.path)).toEqual(refused)
    tc('filter', 'add', 'dev', 'lo', 'ingress', 'prio', '20', 'protocol', 'ip', 'u32', 'match', 'u32', '0', '0')
    expect(set(20, 1)).toEqual({
      errno: errno.EINVAL,
      log: 'Protocol mismatch for filter with specified priority',
    })
    expect(list()).toHaveLength(2)
  })

  it('has a name of at most 255 bytes', () => {
    expect(set(1, 1, { name: '\u00e4'.repeat(127) })).toBeNull()
    expect(set(2, 1, { name: '\u00e4'.repeat(128) })).toEqual({ errno: errno.EINVAL, log: '' })
    expect(set(3, 1, { name: 'cut\0short' })).toEqual({ errno: errno.EINVAL, log: '' })
    expect(list()).toMatchObject([{ name: '\u00e4'.repeat(127) }])
  })

  it('is never all of them, nor one somewhere else', () => {
    set(10, 1)
    const nonsense = {
      errno: errno.EINVAL,
      log: '',
    }
    // What the kernel understands as: any.
    for (const [priority, handle] of [
      [0, 1],
      [10, 0],
      [0, 0],
      [-1, 1],
      [65_536, 1],
      [65_546, 1],
      [Number.NaN, 1],
    ] as const) {
      expect(set(priority, handle)).toEqual(nonsense)
      expect(native.filterDelete(LO, INGRESS, priority, handle, namespace.path)).toEqual(nonsense)
    }
    for (const parent of [0, 0xffff_ffff, 0xffff_fff1, 0xffff_0000, 0x0001_0000]) {
      expect(set(10, 1, { parent })).toEqual(nonsense)
      expect(native.filterDelete(LO, parent, 10, 1, namespace.path)).toEqual(nonsense)
      expect(native.filterList(LO, parent, namespace.path)).toEqual(nonsense)
    }
    expect(list()).toHaveLength(1)
  })

  it('has a program that is open, and of a kind that filters', () => {
    const map = native.mapCreate(2, 'map', 4, 4, 1, 0) as Handle
    const filter = { priority: 1, handle: 1, name: '', replace: false }
    try {
      for (const handle of [map, 0, 12_345_678])
        expect(native.filterSet(handle, LO, INGRESS, filter, namespace.path)).toEqual({ errno: errno.EBADF, log: '' })
    } finally {
      native.close(map)
    }
  })

  it('is refused, not fatal, where the arguments are absurd', () => {
    const absurd = [undefined, null, 'x', {}, [], Symbol.iterator, 1n, -1, 1e20, true] as unknown[] as never[]
    for (const value of absurd) {
      for (const call of [
        () => native.filterList(value, value, value),
        () => native.filterList(LO, INGRESS, value),
        () => native.filterSet(value, LO, INGRESS, value, namespace.path),
        () => native.filterSet(program, LO, INGRESS, value, namespace.path),
        () => native.filterSet(program, LO, INGRESS, { priority: value, handle: 2, name: value, replace: value }, ''),
        () => native.filterDelete(value, value, value, value, value),
        () => native.filterSetWithQdisc(value, value, value, value, value),
        () => native.filterSetWithQdisc(program, LO, INGRESS, value, namespace.path),
        () => native.filterDeleteWithQdisc(value, value, value, value, value, value),
        () => native.clsactExists(value, value),
        () => native.clsactDelete(NOWHERE, value),
      ]) {
        try {
          call()
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }
    }
  })
})

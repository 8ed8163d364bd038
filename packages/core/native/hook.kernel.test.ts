import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readlinkSync, rmdirSync, statSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Handle, type NativeOrder, type NativeTarget, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { attachmentSince } from '../src/features/attachments.js'
import { isAtLeast } from '../src/kernel-version.js'
import { useCgroup } from '../test/support/cgroup.js'
import { useNamespace } from '../test/support/namespace.js'
import { must, NativeTestObject } from '../test/support/native.js'

const native = nativeBinding()
const namespace = useNamespace()
const cgroup = useCgroup('hook')

/** enum bpf_attach_type */
const sockCreate = 2
const streamVerdict = 5
const skLookup = 36
const tcxIngress = 46
const tcxEgress = 47

const allowMulti = 1 << 1
const replace = 1 << 2
const before = 1 << 3
const after = 1 << 4
const isLink = 1 << 13
/** BPF_F_QUERY_EFFECTIVE */
const effective = 1

const anyhow: NativeOrder = { flags: 0, relativeId: 0, expectedRevision: 0n }

const objects: NativeTestObject[] = []
const links: Handle[] = []
afterEach(() => {
  for (const link of links.splice(0)) native.close(link)
  for (const object of objects.splice(0)) object[Symbol.dispose]()
})

function load(...programs: string[]): NativeTestObject {
  const object = new NativeTestObject('hooks', programs)
  objects.push(object)
  return object
}

/** Closed after the test. */
function link(program: Handle, target: NativeTarget, type: number, order: NativeOrder | null = null): Handle {
  const handle = must(native.linkCreate(program, target, type, order))
  links.push(handle)
  return handle
}

const idOf = (program: Handle) => must(native.programInfo(program)).id
const linkIdOf = (handle: Handle) => must(native.linkInfo(handle)).id
const programsAt = (target: NativeTarget, type: number) =>
  must(native.hookQuery(target, type, 0)).programs.map(({ programId }) => programId)

function runsOf(object: NativeTestObject, index: number): number {
  const value = new Uint8Array(4)
  expect(native.mapLookup(object.map('runs'), new Uint8Array([index, 0, 0, 0]), value, 0)).toBe(0)
  return value[0] ?? 0
}

function inNamespace(script: string): void {
  spawnSync('nsenter', [`--net=${namespace.path}`, 'bash', '-c', script])
}

describe.runIf(isAtLeast(attachmentSince('tcx') ?? ''))('an interface', () => {
  const lo = (): NativeTarget => ({ ifindex: 1, netns: namespace.path })

  it('of another namespace takes links, in order, which run', () => {
    const object = load('tc_first', 'tc_second')
    const first = object.program('tc_first')
    const second = object.program('tc_second')
    expect(must(native.hookQuery(lo(), tcxIngress, 0))).toMatchObject({ programs: [] })
    const anchor = link(first, lo(), tcxIngress)
    const { revision } = must(native.hookQuery(lo(), tcxIngress, 0))
    const ahead = link(second, lo(), tcxIngress, {
      flags: before | isLink,
      relativeId: linkIdOf(anchor),
      expectedRevision: revision,
    })
    expect(must(native.hookQuery(lo(), tcxIngress, 0))).toEqual({
      revision: revision + 1n,
      flags: 0,
      programs: [
        { programId: idOf(second), linkId: linkIdOf(ahead), flags: 0 },
        { programId: idOf(first), linkId: linkIdOf(anchor), flags: 0 },
      ],
    })
    expect(must(native.linkInfo(ahead))).toMatchObject({ type: 11, ifindex: 1, attachType: tcxIngress })
    expect(programsAt(lo(), tcxEgress)).toEqual([])
    // Ours has a lo as well, and nothing was put there.
    expect(readlinkSync('/proc/self/ns/net')).not.toBe(readlinkSync(namespace.path))
    expect(programsAt({ ifindex: 1, netns: '' }, tcxIngress)).not.toContain(idOf(first))

    inNamespace('echo hello > /dev/udp/127.0.0.1/9')
    expect(runsOf(object, 0)).toBeGreaterThan(0)
    expect(runsOf(object, 1)).toBe(runsOf(object, 0))
  })

  it('refuses a revision that is over, and an anchor that is not there', () => {
    const object = load('tc_first', 'tc_second')
    const first = object.program('tc_first')
    const second = object.program('tc_second')
    const anchor = link(first, lo(), tcxIngress)
    const { revision } = must(native.hookQuery(lo(), tcxIngress, 0))
    const outdated = { ...anyhow, expectedRevision: revision + 1n }
    expect(native.linkCreate(second, lo(), tcxIngress, outdated)).toMatchObject({ errno: errno.ESTALE })
    const gone = { ...anyhow, flags: after | isLink, relativeId: linkIdOf(anchor) }
    native.close(links.pop() ?? 0)
    expect(native.linkCreate(second, lo(), tcxIngress, gone)).toMatchObject({ errno: errno.ENOENT })
    expect(programsAt(lo(), tcxIngress)).toEqual([])
  })

  it('takes programs without links, replaced and detached by program', () => {
    const object = load('tc_first', 'tc_second')
    const first = object.program('tc_first')
    const second = object.program('tc_second')
    expect(native.programAttach(first, lo(), tcxIngress, anyhow, 0)).toBeNull()
    expect(native.programAttach(first, lo(), tcxIngress, anyhow, 0)).toMatchObject({ errno: errno.EEXIST })
    const inPlace = { ...anyhow, flags: replace }
    expect(native.programAttach(second, lo(), tcxIngress, inPlace, first)).toBeNull()
    expect(must(native.hookQuery(lo(), tcxIngress, 0)).programs).toEqual([
      { programId: idOf(second), linkId: 0, flags: 0 },
    ])
    expect(native.programDetach(first, lo(), tcxIngress)).toMatchObject({ errno: errno.ENOENT })
    expect(native.programDetach(second, lo(), tcxIngress)).toBeNull()
    expect(programsAt(lo(), tcxIngress)).toEqual([])
  })

  it('is listed whole, however many programs it has', () => {
    // The kernel takes at most 64 on one hook.
    const many = Array.from({ length: 60 }, () => load('tc_first').program('tc_first'))
    for (const program of many) link(program, lo(), tcxIngress)
    expect(programsAt(lo(), tcxIngress)).toEqual(many.map(idOf))
  })

  it('must be there, in a namespace that is there', () => {
    const program = load('tc_first').program('tc_first')
    const calls = (target: NativeTarget) => [
      native.linkCreate(program, target, tcxIngress, null),
      native.programAttach(program, target, tcxIngress, anyhow, 0),
      native.programDetach(program, target, tcxIngress),
      native.hookQuery(target, tcxIngress, 0),
    ]
    const refused = (code: number) => Array.from({ length: 4 }, () => ({ errno: code, log: '' }))
    expect(calls({ ifindex: 77_777, netns: namespace.path })).toEqual(refused(errno.ENODEV))
    expect(calls({ ifindex: 1, netns: '/nowhere' })).toEqual(refused(errno.ENOENT))
    expect(calls({ ifindex: 1, netns: '/proc/self/ns/mnt' })).toEqual(refused(errno.EINVAL))
    for (const ifindex of [0, -1, 2 ** 31, Number.NaN]) {
      expect(calls({ ifindex, netns: '' })).toEqual(refused(errno.EINVAL))
    }
  })
})

describe('a control group', () => {
  const group = (): NativeTarget => ({ path: cgroup.path })
  /** A process in the group that makes a socket. */
  const makesSocket = () =>
    spawnSync('bash', ['-c', `echo $$ > ${cgroup.path}/cgroup.procs && exec 3<>/dev/udp/127.0.0.1/9`]).status === 0

  it('takes a link, whose program decides', () => {
    const object = load('deny')
    expect(makesSocket()).toBe(true)
    const denying = link(object.program('deny'), group(), sockCreate)
    expect(must(native.linkInfo(denying))).toMatchObject({
      type: 3,
      attachType: sockCreate,
      cgroupId: statSync(cgroup.path, { bigint: true }).ino,
      netnsInode: 0,
    })
    expect(makesSocket()).toBe(false)
    expect(runsOf(object, 0)).toBeGreaterThan(0)
    expect(must(native.hookQuery(group(), sockCreate, 0))).toMatchObject({ flags: allowMulti })
    expect(programsAt(group(), sockCreate)).toEqual([idOf(object.program('deny'))])
    native.close(links.pop() ?? 0)
    expect(makesSocket()).toBe(true)
    expect(programsAt(group(), sockCreate)).toEqual([])
  })

  it('takes programs without links: one, or several', () => {
    const object = load('deny', 'allow')
    const deny = object.program('deny')
    const allow = object.program('allow')
    const several = { ...anyhow, flags: allowMulti }
    expect(native.programAttach(allow, group(), sockCreate, several, 0)).toBeNull()
    expect(native.programAttach(deny, group(), sockCreate, anyhow, 0)).toMatchObject({ errno: errno.EPERM })
    expect(native.programAttach(deny, group(), sockCreate, several, 0)).toBeNull()
    expect(programsAt(group(), sockCreate)).toEqual([idOf(allow), idOf(deny)])
    expect(makesSocket()).toBe(false)
    // The program that is replaced is named by its handle.
    const inPlace = { ...anyhow, flags: allowMulti | replace }
    expect(native.programDetach(allow, group(), sockCreate)).toBeNull()
    expect(native.programAttach(allow, group(), sockCreate, inPlace, deny)).toBeNull()
    expect(programsAt(group(), sockCreate)).toEqual([idOf(allow)])
    expect(makesSocket()).toBe(true)
    expect(native.programDetach(allow, group(), sockCreate)).toBeNull()
    // One that stands alone needs no name.
    expect(native.programAttach(deny, group(), sockCreate, anyhow, 0)).toBeNull()
    expect(native.programDetach(0, group(), sockCreate)).toBeNull()
    expect(native.programDetach(0, group(), sockCreate)).toMatchObject({ errno: errno.ENOENT })
  })

  it('tells what has an effect on it, with what it inherits', () => {
    const object = load('allow')
    const allow = object.program('allow')
    const below = { path: `${cgroup.path}/below` }
    mkdirSync(below.path)
    try {
      // More than the kernel takes in one group, and than fits where the answer is first expected.
      for (let n = 0; n < 40; n++) {
        link(allow, group(), sockCreate)
        link(allow, below, sockCreate)
      }
      expect(programsAt(below, sockCreate)).toHaveLength(40)
      const { programs } = must(native.hookQuery(below, sockCreate, effective))
      expect(programs.filter(({ programId }) => programId === idOf(allow))).toHaveLength(80)
    } finally {
      for (const handle of links.splice(0)) native.close(handle)
      rmdirSync(below.path)
    }
  })

  it('must be one', () => {
    const program = load('allow').program('allow')
    for (const [path, code] of [
      ['/nowhere', errno.ENOENT],
      ['', errno.ENOENT],
      ['/dev/null', errno.EBADF],
      ['/proc/self/ns/net', errno.EBADF],
    ] as const) {
      expect(native.linkCreate(program, { path }, sockCreate, null), path).toEqual({ errno: code, log: '' })
      expect(native.hookQuery({ path }, sockCreate, 0), path).toEqual({ errno: code, log: '' })
    }
  })

  it('is opened without waiting, whatever is at the path', () => {
    const fifo = `/tmp/millrace-hook-${process.pid}`
    execFileSync('mkfifo', [fifo])
    try {
      expect(native.hookQuery({ path: fifo }, sockCreate, 0)).toEqual({ errno: errno.EBADF, log: '' })
    } finally {
      execFileSync('rm', [fifo])
    }
  })
})

describe('a network namespace', () => {
  const target = (): NativeTarget => ({ path: namespace.path })

  it('takes a link, whose program runs for its connections', () => {
    const object = load('look')
    const looking = link(object.program('look'), target(), skLookup)
    expect(must(native.linkInfo(looking))).toMatchObject({
      type: 5,
      attachType: skLookup,
      netnsInode: Number(statSync(namespace.path).ino),
      cgroupId: 0n,
    })
    expect(programsAt(target(), skLookup)).toEqual([idOf(object.program('look'))])
    expect(programsAt({ path: '/proc/self/ns/net' }, skLookup)).toEqual([])
    inNamespace('exec 3<>/dev/tcp/127.0.0.1/7777')
    expect(runsOf(object, 0)).toBeGreaterThan(0)
  })

  it('has no such hook for programs without links', () => {
    const { errno: code } = native.programAttach(load('look').program('look'), target(), skLookup, anyhow, 0) ?? {}
    expect(code).toBe(errno.EINVAL)
  })
})

describe('a SockMap', () => {
  it('takes a program, and tells which', () => {
    const object = load('verdict')
    const target = { map: object.map('sockets') }
    const verdict = object.program('verdict')
    expect(programsAt(target, streamVerdict)).toEqual([])
    expect(native.programAttach(verdict, target, streamVerdict, anyhow, 0)).toBeNull()
    expect(programsAt(target, streamVerdict)).toEqual([idOf(verdict)])
    expect(native.programDetach(verdict, target, streamVerdict)).toBeNull()
    expect(native.programDetach(verdict, target, streamVerdict)).toMatchObject({ errno: errno.ENOENT })
  })

  it.runIf(isAtLeast(attachmentSince('sockmap') ?? ''))('takes a link', () => {
    const object = load('verdict')
    const target = { map: object.map('sockets') }
    const linked = link(object.program('verdict'), target, streamVerdict)
    expect(must(native.linkInfo(linked))).toMatchObject({
      type: 14,
      attachType: streamVerdict,
      mapId: must(native.mapInfo(object.map('sockets'))).id,
    })
    expect(programsAt(target, streamVerdict)).toEqual([idOf(object.program('verdict'))])
    native.close(links.pop() ?? 0)
    expect(programsAt(target, streamVerdict)).toEqual([])
  })

  it('must be one', () => {
    const object = load('verdict')
    const program = object.program('verdict')
    const target = { map: object.map('runs') }
    expect(native.linkCreate(program, target, streamVerdict, null)).toMatchObject({ errno: errno.EINVAL })
    expect(native.programAttach(program, target, streamVerdict, anyhow, 0)).toMatchObject({ errno: errno.EOPNOTSUPP })
  })
})

describe('misuse', () => {
  it('of handles that are closed, or of another kind', () => {
    const object = load('tc_first', 'verdict')
    const program = object.program('tc_first')
    const map = object.map('sockets')
    const closed = must(native.openById('program', idOf(program)))
    native.close(closed)
    const lo = { ifindex: 1, netns: namespace.path }
    for (const handle of [closed, map, 0, 12_345]) {
      expect(native.linkCreate(handle, lo, tcxIngress, null)).toEqual({ errno: errno.EBADF, log: '' })
      expect(native.programAttach(handle, lo, tcxIngress, anyhow, 0)).toEqual({ errno: errno.EBADF, log: '' })
    }
    for (const handle of [closed, map, 12_345]) {
      expect(native.programDetach(handle, lo, tcxIngress)).toEqual({ errno: errno.EBADF, log: '' })
      expect(native.programAttach(program, lo, tcxIngress, anyhow, handle)).toEqual({ errno: errno.EBADF, log: '' })
      expect(native.hookQuery({ program: handle, function: 'slot' }, 0, 0)).toEqual({ errno: errno.EBADF, log: '' })
    }
    for (const handle of [closed, program, 0]) {
      expect(native.hookQuery({ map: handle }, streamVerdict, 0)).toEqual({ errno: errno.EBADF, log: '' })
    }
  })

  it('of an attach type for a target of another kind, which the kernel would not notice', () => {
    const object = load('tc_first')
    const program = object.program('tc_first')
    const targets: NativeTarget[] = [
      { map: object.map('sockets') },
      { program, function: 'tc_first' },
      { path: namespace.path },
    ]
    const refused = { errno: errno.EINVAL, log: '' }
    for (const target of targets) {
      expect(native.linkCreate(program, target, tcxIngress, null)).toEqual(refused)
      expect(native.hookQuery(target, tcxIngress, 0)).toEqual(refused)
    }
    const lo = { ifindex: 1, netns: namespace.path }
    for (const type of [sockCreate, skLookup, streamVerdict, 0]) {
      expect(native.linkCreate(program, lo, type, null)).toEqual(refused)
      expect(native.programAttach(program, lo, type, anyhow, 0)).toEqual(refused)
      expect(native.programDetach(0, lo, type)).toEqual(refused)
      expect(native.hookQuery(lo, type, 0)).toEqual(refused)
    }
    expect(native.linkCreate(program, lo, 99_999, null)).toEqual(refused)
  })

  it('of programs for hooks of another kind', () => {
    const object = load('tc_first', 'deny')
    const lo = { ifindex: 1, netns: namespace.path }
    const refused = { errno: errno.EINVAL, log: '' }
    expect(native.linkCreate(object.program('deny'), lo, tcxIngress, null)).toEqual(refused)
    expect(native.linkCreate(object.program('tc_first'), { path: cgroup.path }, sockCreate, null)).toEqual(refused)
  })

  it('of types that are none, for which there is a TypeError', () => {
    const program = load('tc_first').program('tc_first')
    const call = native.linkCreate as (...values: unknown[]) => unknown
    for (const target of [undefined, null, 1, 'lo', {}, { ifindex: '1' }, { path: 1 }, { program }, { map: null }]) {
      expect(() => call(program, target, tcxIngress, null)).toThrow(TypeError)
    }
    const lo = { ifindex: 1, netns: namespace.path }
    for (const order of [undefined, 1, {}, { flags: 'first' }, { ...anyhow, expectedRevision: 1 }]) {
      expect(() => call(program, lo, tcxIngress, order)).toThrow(TypeError)
    }
    expect(() => call(program, lo, 'tcx', null)).toThrow(TypeError)
    expect(() => call('program', lo, tcxIngress, null)).toThrow(TypeError)
  })

  it('by a getter that closes what the call is about', () => {
    const object = load('tc_first')
    const program = object.program('tc_first')
    const target = {
      get ifindex() {
        native.close(program)
        return 1
      },
      netns: namespace.path,
    }
    expect(native.linkCreate(program, target, tcxIngress, null)).toEqual({ errno: errno.EBADF, log: '' })
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic } from '../test/generated/basic.bpf.js'
import { useNamespace } from '../test/support/namespace.js'
import { nativeBinding } from './binding.js'
import { findHolders } from './holders.js'
import { Link } from './link.js'
import { load } from './load/load.js'

const namespace = useNamespace()
const object = await load(basic)
let link: Link

beforeAll(() => {
  const loopback = 1
  const generic = 1 << 1
  const handle = nativeBinding().xdpLinkCreate(object.programs.decide.handle, loopback, generic, namespace.path)
  if (typeof handle !== 'number') throw new Error(`XDP link: errno ${handle.errno}`)
  link = Link.fromHandle(handle)
})
afterAll(() => {
  link.close()
  object.close()
})

/** A process that has the link as descriptor 3, and nothing else of ours. */
function holder(held: Link = link): ChildProcess {
  const descriptor = nativeBinding().descriptor(held.handle)
  return spawn('cat', { stdio: ['pipe', 'ignore', 'inherit', descriptor] })
}

describe('findHolders', () => {
  it('finds this process by what it holds', () => {
    const holders = findHolders()
    expect(holders?.of('program', object.programs.decide.id)).toEqual([process.pid])
    expect(holders?.of('link', link.id)).toEqual([process.pid])
  })

  it('finds each process that holds a link once, and only as long as it does', async () => {
    const child = holder()
    const ended = once(child, 'exit')
    try {
      const pids = [process.pid, Number(child.pid)].toSorted((a, b) => a - b)
      expect(findHolders().of('link', link.id)).toEqual(pids)
      expect(findHolders().of('program', object.programs.decide.id)).toEqual([process.pid])
    } finally {
      child.stdin?.end()
      await ended
    }
    expect(findHolders().of('link', link.id)).toEqual([process.pid])
  })

  it('finds who has opened a link that somebody else made', async () => {
    const opened = Link.openById(link.id)
    const child = holder(opened)
    opened.close()
    const ended = once(child, 'exit')
    try {
      expect(findHolders().of('link', link.id)).toContain(child.pid)
    } finally {
      child.stdin?.end()
      await ended
    }
  })

  it('tells nobody from not being allowed to look', () => {
    expect(findHolders().of('link', 0xffff_ffff) ?? []).toEqual([])
    process.seteuid?.(65534)
    try {
      expect(findHolders().of('link', 0xffff_ffff)).toBeUndefined()
    } finally {
      process.seteuid?.(0)
    }
  })
})

import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { basic } from '../test/generated/basic.bpf.js'
import { useBpffs } from '../test/support/bpffs.js'
import { bpftool } from '../test/support/bpftool.js'
import { useNamespace } from '../test/support/namespace.js'
import { nativeBinding } from './binding.js'
import { ArgumentError, ClosedError, KernelError } from './errors/index.js'
import { Link } from './link.js'
import { listLinks } from './list.js'
import { load } from './load/load.js'
import type { LoadedObject } from './load/loaded-object.js'
import { Program } from './program.js'

const bpffs = useBpffs()
const namespace = useNamespace()
const loopback = 1
/** XDP_FLAGS_SKB_MODE */
const generic = 1 << 1

let [first, second]: LoadedObject<typeof basic>[] = []
let link: Link

beforeAll(async () => {
  first = await load(basic)
  second = await load(basic)
})
afterAll(() => {
  first?.close()
  second?.close()
})
beforeEach(() => {
  const handle = nativeBinding().xdpLinkCreate(decide(first).handle, loopback, generic, namespace.path)
  if (typeof handle !== 'number') throw new Error(`XDP link: errno ${handle.errno}`)
  link = Link.fromHandle(handle)
})
afterEach(() => link.close())

function decide(object: LoadedObject<typeof basic> | undefined) {
  if (object === undefined) throw new Error('not loaded')
  return object.programs.decide
}

describe('info', () => {
  it('says what bpftool says', () => {
    const info = link.info()
    expect(info).toMatchObject({ type: 'xdp', programId: decide(first).id, ifindex: loopback })
    expect(bpftool('link', 'show', 'id', String(link.id))).toMatchObject({
      id: info.id,
      type: info.type,
      prog_id: info.programId,
    })
    expect(listLinks()).toContainEqual(info)
    expect(link.name).toBe(`xdp ${link.id}`)
  })
})

describe('update', () => {
  it('exchanges the program', () => {
    link.update(decide(second))
    expect(link.info().programId).toBe(decide(second).id)
  })

  it.each([null, {}, { handle: 0 }, 7])('expects no %o', (expectedOld) => {
    expect(() => link.update(decide(second), { expectedOld: expectedOld as never })).toThrow(
      /^options\.expectedOld is .*, expected a Program/,
    )
    expect(link.info().programId).toBe(decide(first).id)
  })

  it('only when the expected program is there', () => {
    expect(() => link.update(decide(second), { expectedOld: decide(second) })).toThrow(KernelError)
    expect(() => link.update(decide(second), { expectedOld: decide(second) })).toThrow(
      /ESTALE.*another program than the expected/,
    )
    expect(link.info().programId).toBe(decide(first).id)
    link.update(decide(second), { expectedOld: decide(first) })
    expect(link.info().programId).toBe(decide(second).id)
  })

  it('refuses another kind of program', () => {
    expect(() => link.update(first?.programs.mark as never)).toThrow(
      /put program mark into the link.*EINVAL.*sched_cls program may not go there/,
    )
    expect(() => link.update({} as never)).toThrow(ArgumentError)
    const closed = Program.openById(decide(second).id)
    closed.close()
    expect(() => link.update(closed)).toThrow('the program decide was used after it was closed')
    expect(() => link.update(decide(second), { expectedOld: closed })).toThrow(ClosedError)
    expect(() => link.update(decide(second), { expectdOld: decide(first) } as never)).toThrow(
      /did you mean expectedOld/,
    )
  })
})

describe('detach', () => {
  it('takes the program off while the link stays', () => {
    link.detach()
    expect(link.info()).toMatchObject({ ifindex: 0 })
    expect(() => link.update(decide(second))).toThrow(/ENOLINK.*was detached/)
  })
})

describe('open', () => {
  it('finds a link by its id and by its pin, and the pin outlives the process', () => {
    const path = `${bpffs.path}/link`
    link.pin(path)
    const { id } = link
    link.close()
    expect(listLinks().map((it) => it.id)).toContain(id)
    using byPin = Link.open(path)
    using byId = Link.openById(id)
    expect(byPin).toMatchObject({ id, type: 'xdp', pinPath: path })
    expect(byId.info()).toEqual(byPin.info())
    byId.update(decide(second))
    expect(byPin.info().programId).toBe(decide(second).id)
    byPin.unpin()
    expect(existsSync(path)).toBe(false)
    expect(() => Link.openById(0xffff_fffe)).toThrow(/open link 4294967294: ENOENT/)
  })
})

describe('close', () => {
  it('of the last holder detaches', async () => {
    const { id } = link
    link.close()
    link.close()
    await expect.poll(() => listLinks().some((it) => it.id === id)).toBe(false)
    for (const use of [
      () => link.info(),
      () => link.update(decide(second)),
      () => link.detach(),
      () => link.pin('/x'),
    ]) {
      expect(use).toThrow(ClosedError)
    }
  })
})

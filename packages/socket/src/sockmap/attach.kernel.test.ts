import { Link, load, type Program, RawMap, UnexpectedProgramError } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { SockMap } from '@millrace/maps'
import { afterAll, describe, expect, it } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { connection } from '../../../maps/test/sockets.js'
import { attachSockMap, querySockMap } from '../index.js'

const object = await load(sockMaps)
const again = await load(sockMaps)
const { lookAtMessage, lookAtStream, swap, parse, datagramToIndex, sendToIndex, pass } = object.programs
const bpffs = useBpffs()

afterAll(() => {
  object.close()
  again.close()
})

const peers = () => SockMap.create({ name: 'peers', maxEntries: 4 })

describe.each(['link', 'direct'] as const)('by %s', (mechanism) => {
  it('attaches, tells so, and detaches when it is closed', () => {
    using map = peers()
    expect(querySockMap(map)).toEqual([])
    const attachment = attachSockMap(lookAtStream, map, { mechanism })
    const { id, name } = lookAtStream
    const attached = {
      hook: 'sk_skb_stream_verdict',
      program: { id, name, tag: lookAtStream.info().tag },
      linkId: attachment.link?.id,
    }
    expect(attachment).toMatchObject({ hook: 'sk_skb_stream_verdict', mechanism, reason: undefined, closed: false })
    expect(attachment.link === undefined).toBe(mechanism === 'direct')
    expect(attachment.query()).toEqual({ ...attached, pids: undefined })
    expect(querySockMap(map)).toEqual([{ ...attached, pids: [process.pid] }])
    expect(querySockMap(map, { pids: false })).toEqual([attachment.query()])
    attachment.close()
    attachment.close()
    expect(attachment.closed).toBe(true)
    expect(querySockMap(map)).toEqual([])
  })

  it('attaches one program to each hook', () => {
    using map = peers()
    using _ = attachSockMap(parse, map, { mechanism })
    using _verdict = attachSockMap(lookAtStream, map, { mechanism })
    using _message = attachSockMap(lookAtMessage, map, { mechanism })
    expect(querySockMap(map).map(({ hook, program }) => [hook, program.id])).toEqual([
      ['sk_msg_verdict', lookAtMessage.id],
      ['sk_skb_stream_parser', parse.id],
      ['sk_skb_stream_verdict', lookAtStream.id],
    ])
  })

  it('refuses a second, and says who is there', () => {
    using map = peers()
    using attachment = attachSockMap(lookAtStream, map, { mechanism })
    for (const wanted of ['link', 'direct', 'auto'] as const) {
      expect(() => attachSockMap(swap, map, { mechanism: wanted })).toThrow(
        expect.objectContaining({
          code: 'ERR_ATTACH_BUSY',
          target: 'sk_skb_stream_verdict of sockmap peers',
          holder: {
            program: expect.objectContaining({ id: lookAtStream.id, name: 'look_at_stream' }),
            linkId: attachment.link?.id,
          },
        }),
      )
    }
    expect(attachment.query()?.program.id).toBe(lookAtStream.id)
  })

  it('refuses a verdict beside the other kind of verdict', () => {
    using map = peers()
    using _ = attachSockMap(datagramToIndex, map, { mechanism })
    expect(() => attachSockMap(lookAtStream, map)).toThrow(
      expect.objectContaining({ code: 'ERR_ATTACH_BUSY', target: 'sk_skb_verdict of sockmap peers' }),
    )
    expect(querySockMap(map).map(({ hook }) => hook)).toEqual(['sk_skb_verdict'])
  })

  it('exchanges the program', () => {
    using map = peers()
    using attachment = attachSockMap(lookAtStream, map, { mechanism })
    attachment.update(swap)
    expect(attachment.query()?.program.id).toBe(swap.id)
    attachment.update(again.programs.swap, { expectedOld: swap })
    const update = () => attachment.update(lookAtStream, { expectedOld: swap })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/has program swap \(id \d+\), expected program swap \(id \d+\); nothing was changed/)
    expect(attachment.query()?.program.id).toBe(again.programs.swap.id)
  })

  it('detaches now, and then is closed', () => {
    using map = peers()
    using attachment = attachSockMap(lookAtMessage, map, { mechanism })
    attachment.detach()
    expect(querySockMap(map)).toEqual([])
    const closed = expect.objectContaining({ code: 'ERR_CLOSED', objectName: 'sk_msg_verdict of sockmap peers' })
    expect(() => attachment.detach()).toThrow(closed)
    expect(() => attachment.update(sendToIndex)).toThrow(closed)
    expect(() => attachment.query()).toThrow(closed)
    using _ = attachSockMap(sendToIndex, map, { mechanism })
  })

  it('needs neither the program nor the map that it was made from to stay open', async () => {
    using other = await load(sockMaps)
    using map = peers()
    const raw = RawMap.openById(map.id)
    using attachment = attachSockMap(other.programs.lookAtStream, SockMap.from(raw), { mechanism })
    other.close()
    raw.close()
    attachment.update(swap)
    expect(querySockMap(map).map(({ program }) => program.id)).toEqual([swap.id])
    attachment.detach()
    expect(querySockMap(map)).toEqual([])
  })

  it('attaches for as long as somebody holds it, though the map is closed', () => {
    const map = peers()
    using attachment = attachSockMap(lookAtStream, map, { mechanism })
    const { id } = map
    map.close()
    expect(attachment.query()?.program.id).toBe(lookAtStream.id)
    using reopened = SockMap.from(RawMap.openById(id))
    expect(querySockMap(reopened)).toHaveLength(1)
  })

  it('takes a program whose section does not tell the hook, when the hook is told', () => {
    using map = peers()
    expect(() => attachSockMap(pass as never, map, { mechanism })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.hook' }),
    )
    for (const hook of ['sk_skb_stream_parser', 'sk_skb_stream_verdict', 'sk_skb_verdict'] as const) {
      using attachment = attachSockMap(pass, map, { mechanism, hook })
      expect(attachment.query()).toMatchObject({ hook, program: { id: pass.id } })
    }
  })

  it('refuses a socket that has a program of the kind, from this map or another', async () => {
    using map = peers()
    using other = peers()
    using plain = peers()
    await using a = await connection()
    using attachment = attachSockMap(lookAtStream, map, { mechanism })
    using _ = attachSockMap(swap, other, { mechanism })
    map.set(0, a.near)
    const busy = expect.objectContaining({
      code: 'ERR_SOCKET_REFUSED',
      errnoName: 'EBUSY',
      socket: { protocol: 'tcp', state: 'ESTABLISHED' },
    })
    expect(() => map.set(0, a.near)).toThrow(busy)
    expect(() => map.set(1, a.near)).toThrow(busy)
    expect(() => other.set(0, a.near)).toThrow(busy)
    plain.set(0, a.near).set(1, a.near)
    expect([...map.keys(), ...other.keys(), ...plain.keys()]).toEqual([0, 0, 1])
    // It is free again when it is in no map.
    attachment.detach()
    for (const it of [map, plain]) it.clear()
    other.set(0, a.near)
  })

  it('leaves sockets that are in the map with the program that they have', async () => {
    using map = SockMap.from(RawMap.openById(object.maps.peers.id))
    await using a = await connection()
    const attachment = attachSockMap(lookAtMessage, map, { mechanism })
    map.set(0, a.near)
    const times = async () => {
      const before = object.variables.last.get().times
      await new Promise((done) => a.near.write('?', done))
      return Number(object.variables.last.get().times - before)
    }
    expect(await times()).toBe(1)
    attachment.update(again.programs.lookAtMessage)
    expect(await times()).toBe(1)
    expect(again.variables.last.get().times).toBe(0n)
    map.delete(0)
    map.set(0, a.near)
    expect(await times()).toBe(0)
    expect(again.variables.last.get().times).toBe(1n)
    attachment.detach()
    await times()
    expect(again.variables.last.get().times).toBe(2n)
    map.clear()
    again.variables.last.set({ ...again.variables.last.get(), times: 0n })
  })
})

describe('a pinned link', () => {
  it('holds the program when the attachment is closed, until it is detached', () => {
    using map = peers()
    const path = `${bpffs.path}/link`
    using attachment = attachSockMap(lookAtStream, map)
    attachment.link?.pin(path)
    attachment.close()
    expect(querySockMap(map)).toMatchObject([{ program: { id: lookAtStream.id } }])
    expect(() => attachSockMap(swap, map)).toThrow(expect.objectContaining({ code: 'ERR_ATTACH_BUSY' }))
    using link = Link.open(path)
    expect(link.info()).toMatchObject({ type: 'sockmap', mapId: map.id, attachType: 5 })
    link.detach()
    expect(querySockMap(map)).toEqual([])
    link.unpin()
  })

  it('that somebody has detached is told by update', () => {
    using map = peers()
    using attachment = attachSockMap(lookAtStream, map)
    attachment.link?.detach()
    expect(() => attachment.update(swap)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL', errnoName: 'ENOLINK' }))
    expect(attachment.query()).toBeUndefined()
  })
})

describe('a program without a link', () => {
  /** As whoever does not look at what is there. */
  function put(program: Program, map: SockMap): void {
    const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
    expect(nativeBinding().programAttach(program.handle, { map: map.raw.handle }, 5, order, 0)).toBeNull()
  }

  it('that somebody has replaced is not replaced back, and what is there stays', () => {
    using map = peers()
    const attachment = attachSockMap(lookAtStream, map, { mechanism: 'direct' })
    put(swap, map)
    const unexpected = expect.objectContaining({
      code: 'ERR_UNEXPECTED_PROGRAM',
      expected: expect.objectContaining({ id: lookAtStream.id }),
      found: { id: swap.id, name: 'swap' },
    })
    expect(() => attachment.update(pass)).toThrow(unexpected)
    attachment.close()
    expect(querySockMap(map)).toMatchObject([{ program: { id: swap.id }, linkId: undefined }])
    const second = attachSockMap(sendToIndex, map, { mechanism: 'direct' })
    second.close()

    expect(() => attachSockMap(lookAtStream, map)).toThrow(expect.objectContaining({ code: 'ERR_ATTACH_BUSY' }))
    expect(querySockMap(map)).toMatchObject([{ program: { id: swap.id } }])
  })

  it('that somebody has replaced cannot be detached', () => {
    using map = peers()
    const attachment = attachSockMap(lookAtStream, map, { mechanism: 'direct' })
    put(swap, map)
    expect(() => attachment.detach()).toThrow(UnexpectedProgramError)
    expect(attachment.closed).toBe(true)
    expect(querySockMap(map)).toMatchObject([{ program: { id: swap.id } }])
  })

  it('that somebody has detached is no error', () => {
    using map = peers()
    const attachment = attachSockMap(lookAtStream, map, { mechanism: 'direct' })
    expect(nativeBinding().programDetach(lookAtStream.handle, { map: map.raw.handle }, 5)).toBeNull()
    attachment.detach()
    expect(querySockMap(map)).toEqual([])
  })
})

describe('whatever is no program or no map for it', () => {
  it('is refused by name', () => {
    using map = peers()
    const refusal = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return error as { code?: string; argument?: string; expected?: string }
      }
      return undefined
    }
    const xdp = { ...lookAtStream }
    expect(refusal(() => attachSockMap(xdp as never, map))).toMatchObject({ argument: 'program' })
    expect(refusal(() => attachSockMap(object.programs.track as never, map))).toMatchObject({
      argument: 'program.type',
      expected: 'sk_msg or sk_skb',
    })
    expect(refusal(() => attachSockMap(lookAtStream, map, { hook: 'sk_msg_verdict' } as never))).toMatchObject({
      argument: 'program.type',
      expected: 'sk_msg',
    })
    expect(refusal(() => attachSockMap(lookAtStream, map, { hook: 'sk_skb_verdict' } as never))).toMatchObject({
      argument: 'program.section',
      expected: 'sk_skb/verdict, for sk_skb_verdict',
    })
    expect(refusal(() => attachSockMap(lookAtStream, map, { hook: 'sk_skb_stream_verdikt' } as never))).toMatchObject({
      argument: 'options.hook',
      suggestion: 'sk_skb_stream_verdict',
    })
    expect(refusal(() => attachSockMap(lookAtStream, map, { mechanizm: 'link' } as never))).toMatchObject({
      argument: 'options',
      suggestion: 'mechanism',
    })
    expect(refusal(() => attachSockMap(lookAtStream, object.maps.peers.raw as never))).toMatchObject({
      argument: 'map',
    })
    expect(() => attachSockMap(lookAtStream, map.raw as never)).toThrow(
      'map is map peers (sockmap), expected a SockMap or SockHash: SockMap.from(map) makes it one',
    )
    expect(refusal(() => attachSockMap(lookAtStream, undefined as never))).toMatchObject({ argument: 'map' })
    expect(refusal(() => querySockMap(map, { pid: true } as never))).toMatchObject({ suggestion: 'pids' })
    expect(refusal(() => querySockMap({} as never))).toMatchObject({ argument: 'map' })
    using attachment = attachSockMap(lookAtStream, map)
    expect(refusal(() => attachment.update(parse as never))).toMatchObject({ argument: 'program.section' })
    expect(refusal(() => attachment.update(swap, { expectedOld: lookAtMessage } as never))).toMatchObject({
      argument: 'options.expectedOld.type',
    })
    expect(refusal(() => attachment.update(swap, { expected: swap } as never))).toMatchObject({ argument: 'options' })
    expect(attachment.query()?.program.id).toBe(lookAtStream.id)
  })

  it('is refused when it was closed', async () => {
    using other = await load(sockMaps)
    other.close()
    using map = peers()
    expect(() => attachSockMap(other.programs.swap, map)).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSED', what: 'program' }),
    )
    map.close()
    expect(() => attachSockMap(swap, map)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' }))
    expect(() => querySockMap(map)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' }))
  })
})

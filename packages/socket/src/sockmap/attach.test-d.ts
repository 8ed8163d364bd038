import type { LoadedObject, Program } from '@millrace/core'
import type { HashMap, SockHash, SockMap } from '@millrace/maps'
import { expectTypeOf, test } from 'vitest'
import type { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { attachSockMap, type querySockMap, type SockMapAttachment, type SockMapHookOf, socketKey } from '../index.js'

declare const loaded: LoadedObject<typeof sockMaps>['programs']
declare const maps: LoadedObject<typeof sockMaps>['maps']
declare const openedMsg: Program<'sk_msg'>
declare const openedSkb: Program<'sk_skb'>
declare const any: Program
declare const peers: SockMap
declare const numbered: SockHash<number>
declare const table: HashMap<number, number>

test('the section of a loaded program tells its hook', () => {
  expectTypeOf(attachSockMap(loaded.lookAtMessage, peers)).toEqualTypeOf<SockMapAttachment<'sk_msg_verdict'>>()
  expectTypeOf(attachSockMap(loaded.parse, peers)).toEqualTypeOf<SockMapAttachment<'sk_skb_stream_parser'>>()
  expectTypeOf(attachSockMap(loaded.swap, peers, { mechanism: 'link' })).toEqualTypeOf<
    SockMapAttachment<'sk_skb_stream_verdict'>
  >()
  expectTypeOf(attachSockMap(loaded.datagramToIndex, peers, { hook: 'sk_skb_verdict' })).toEqualTypeOf<
    SockMapAttachment<'sk_skb_verdict'>
  >()
  // @ts-expect-error its section is for stream verdicts
  attachSockMap(loaded.swap, peers, { hook: 'sk_skb_verdict' })
  // @ts-expect-error its section is for messages
  attachSockMap(loaded.lookAtMessage, peers, { hook: 'sk_skb_stream_verdict' })
})

test('a program that does not tell has to be told its hook, one of its kind', () => {
  expectTypeOf(attachSockMap(openedMsg, peers)).toEqualTypeOf<SockMapAttachment<'sk_msg_verdict'>>()
  expectTypeOf(attachSockMap(openedSkb, peers, { hook: 'sk_skb_verdict' })).toEqualTypeOf<
    SockMapAttachment<'sk_skb_verdict'>
  >()
  expectTypeOf<SockMapHookOf<typeof loaded.pass>>().toEqualTypeOf<
    'sk_skb_stream_parser' | 'sk_skb_stream_verdict' | 'sk_skb_verdict'
  >()
  attachSockMap(loaded.pass, peers, { hook: 'sk_skb_stream_parser' })
  // @ts-expect-error which?
  attachSockMap(openedSkb, peers)
  // @ts-expect-error which?
  attachSockMap(loaded.pass, peers)
  // @ts-expect-error for programs of another kind
  attachSockMap(openedSkb, peers, { hook: 'sk_msg_verdict' })
})

test('no other program attaches, and to no other map', () => {
  attachSockMap(loaded.swap, maps.peers)
  attachSockMap(loaded.swap, maps.sockets)
  attachSockMap(loaded.swap, numbered)
  // @ts-expect-error a sock_ops program
  attachSockMap(loaded.track, peers)
  // @ts-expect-error of a kind that is not known
  attachSockMap(any, peers, { hook: 'sk_msg_verdict' })
  // @ts-expect-error no map of sockets
  attachSockMap(loaded.swap, table)
  // @ts-expect-error the map itself
  attachSockMap(loaded.swap, peers.raw)
  // @ts-expect-error an option is misspelt
  attachSockMap(loaded.swap, peers, { mechanizm: 'link' })
})

test('only a program for the same hook takes the place of one', () => {
  const attachment = attachSockMap(loaded.swap, peers)
  attachment.update(loaded.lookAtStream, { expectedOld: loaded.swap })
  attachment.update(openedSkb)
  attachment.update(loaded.pass)
  // @ts-expect-error a parser
  attachment.update(loaded.parse)
  // @ts-expect-error for messages
  attachment.update(loaded.lookAtMessage)
  expectTypeOf(attachment.query()).toEqualTypeOf<ReturnType<typeof querySockMap>[number] | undefined>()
})

test('a socket has a key, and takes sockets by it', () => {
  expectTypeOf(maps.sockets.get(socketKey({}))).toEqualTypeOf<bigint | undefined>()
  // @ts-expect-error no socket
  socketKey('192.0.2.1:80')
})

// Written by bpf2ts from sock_maps.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { array, i32, i64, ipv6, SockHash, SockMap, u16be, u32, u64 } from '@millrace/maps'
import { getIpv6, getU64, putI32, putIpv6, putStruct, putU16be, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct mr_socket_key {
 *     ipv6_t local;
 *     ipv6_t remote;
 *     __be16 local_port;
 *     __be16 remote_port;
 * };
 * ```
 */
export interface MrSocketKey {
  local: string
  remote: string
  localPort: number
  remotePort: number
}

export const MrSocketKey: Codec<MrSocketKey> = {
  size: 36,
  alignment: 2,
  layout: [
    'size 36',
    'local.bytes[16] u8 @0',
    'remote.bytes[16] u8 @128',
    'local_port be16 @256',
    'remote_port be16 @272',
  ],
  places: () => ({ local: [0, ipv6], remote: [16, ipv6], localPort: [32, u16be], remotePort: [34, u16be] }),
  encode(value, view, offset) {
    putIpv6(view, offset, value.local, 'local')
    putIpv6(view, offset + 16, value.remote, 'remote')
    putU16be(view, offset + 32, value.localPort, 'localPort')
    putU16be(view, offset + 34, value.remotePort, 'remotePort')
  },
  decode(view, offset) {
    return {
      local: getIpv6(view, offset),
      remote: getIpv6(view, offset + 16),
      localPort: view.getUint16(offset + 32),
      remotePort: view.getUint16(offset + 34),
    }
  },
}

/**
 * ```c
 * struct seen {
 *     struct mr_socket_key key;
 *     __u32 length;
 *     __s32 first;
 *     __s32 sixth;
 *     __s32 error;
 *     __u64 times;
 * };
 * ```
 */
export interface Seen {
  key: MrSocketKey
  length: number
  first: number
  sixth: number
  error: number
  times: bigint
}

export const Seen: Codec<Seen> = {
  size: 64,
  alignment: 8,
  layout: [
    'size 64',
    'key.local.bytes[16] u8 @0',
    'key.remote.bytes[16] u8 @128',
    'key.local_port be16 @256',
    'key.remote_port be16 @272',
    'length u32 @288',
    'first i32 @320',
    'sixth i32 @352',
    'error i32 @384',
    'times u64 @448',
  ],
  places: () => ({
    key: [0, MrSocketKey],
    length: [36, u32],
    first: [40, i32],
    sixth: [44, i32],
    error: [48, i32],
    times: [56, u64],
  }),
  encode(value, view, offset) {
    zero(view, offset + 52, 4)
    putStruct(view, offset, MrSocketKey, value.key, 'key')
    putU32(view, offset + 36, value.length, 'length')
    putI32(view, offset + 40, value.first, 'first')
    putI32(view, offset + 44, value.sixth, 'sixth')
    putI32(view, offset + 48, value.error, 'error')
    putU64(view, offset + 56, value.times, 'times')
  },
  decode(view, offset) {
    return {
      key: MrSocketKey.decode(view, offset),
      length: view.getUint32(offset + 36, true),
      first: view.getInt32(offset + 40, true),
      sixth: view.getInt32(offset + 44, true),
      error: view.getInt32(offset + 48, true),
      times: getU64(view, offset + 56),
    }
  },
}

/** What sock_maps.bpf.o declares; `load(sockMaps)` of @millrace/core loads it. */
export const sockMaps = defineObject({
  name: 'sockMaps',
  file: new URL('./sock_maps.bpf.o', import.meta.url),
  maps: {
    peers: SockMap.spec({ name: 'peers', value: u64, maxEntries: 4 }),
    sockets: SockHash.spec({ name: 'sockets', key: MrSocketKey, value: u64, maxEntries: 64 }),
  },
  programs: {
    lookAtMessage: { name: 'look_at_message', type: 'sk_msg', section: 'sk_msg' },
    sendToIndex: { name: 'send_to_index', type: 'sk_msg', section: 'sk_msg' },
    sendToOtherEnd: { name: 'send_to_other_end', type: 'sk_msg', section: 'sk_msg' },
    sendToOtherEndOrPass: { name: 'send_to_other_end_or_pass', type: 'sk_msg', section: 'sk_msg' },
    parse: { name: 'parse', type: 'sk_skb', section: 'sk_skb/stream_parser' },
    lookAtStream: { name: 'look_at_stream', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    receiveToIndex: { name: 'receive_to_index', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    swap: { name: 'swap', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    receiveToOther: { name: 'receive_to_other', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    receiveToOtherOrPass: { name: 'receive_to_other_or_pass', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    datagramToIndex: { name: 'datagram_to_index', type: 'sk_skb', section: 'sk_skb/verdict' },
    pass: { name: 'pass', type: 'sk_skb', section: 'sk_skb' },
    track: { name: 'track', type: 'sock_ops', section: 'sockops' },
    ask: { name: 'ask', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    last: { name: 'last', section: '.bss', offset: 0, codec: Seen },
    pulled: { name: 'pulled', section: '.bss', offset: 64, codec: u32 },
    applied: { name: 'applied', section: '.bss', offset: 68, codec: u32 },
    toIndex: { name: 'to_index', section: '.bss', offset: 72, codec: u32 },
    toFlags: { name: 'to_flags', section: '.bss', offset: 80, codec: u64 },
    firstPort: { name: 'first_port', section: '.bss', offset: 88, codec: u32 },
    added: { name: 'added', section: '.bss', offset: 96, codec: array(i64, 2) },
    position: { name: 'position', section: '.bss', offset: 112, codec: u32 },
  },
})

// Written by bpf2ts from shortcut.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { PerCpuArrayMap, SockHash, u64 } from '@millrace/maps'
import { getIpv6, getU64, putIpv6, putU16be, putU64 } from '@millrace/maps/codec'

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
 * struct mr_counter {
 *     __u64 packets;
 *     __u64 bytes;
 * };
 * ```
 */
export interface MrCounter {
  packets: bigint
  bytes: bigint
}

export const MrCounter: Codec<MrCounter> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'packets u64 @0', 'bytes u64 @64'],
  places: () => ({ packets: [0, u64], bytes: [8, u64] }),
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putU64(view, offset + 8, value.bytes, 'bytes')
  },
  decode(view, offset) {
    return { packets: getU64(view, offset), bytes: getU64(view, offset + 8) }
  },
}

/** What shortcut.bpf.o declares; `load(shortcut)` of @millrace/core loads it. */
export const shortcut = defineObject({
  name: 'shortcut',
  file: new URL('./shortcut.bpf.o', import.meta.url),
  maps: {
    sockets: SockHash.spec({ name: 'sockets', key: MrSocketKey, value: u64, maxEntries: 65536 }),
    taken: PerCpuArrayMap.spec({ name: 'taken', value: MrCounter, maxEntries: 1 }),
  },
  programs: {
    track: { name: 'track', type: 'sock_ops', section: 'sockops' },
    shortcut: { name: 'shortcut', type: 'sk_msg', section: 'sk_msg' },
  },
  constants: {},
  variables: {},
})

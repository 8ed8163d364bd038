// Written by bpf2ts from splice.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { HashMap, ipv6, SockHash, u16be, u32, u64 } from '@millrace/maps'
import { getIpv6, putIpv6, putU16be } from '@millrace/maps/codec'

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

/** What splice.bpf.o declares; `load(splice)` of @millrace/core loads it. */
export const splice = defineObject({
  name: 'splice',
  file: new URL('./splice.bpf.o', import.meta.url),
  maps: {
    moved: HashMap.spec({ name: 'moved', key: MrSocketKey, value: u64, maxEntries: 1024 }),
    next: SockHash.spec({ name: 'next', key: MrSocketKey, value: u64, maxEntries: 1024 }),
    spliced: SockHash.spec({ name: 'spliced', key: MrSocketKey, value: u64, maxEntries: 1024 }),
  },
  programs: {
    splice: { name: 'splice', type: 'sk_skb', section: 'sk_skb/stream_verdict' },
    ask: { name: 'ask', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    asked: { name: 'asked', section: '.bss', offset: 0, codec: MrSocketKey },
    position: { name: 'position', section: '.bss', offset: 36, codec: u32 },
  },
})

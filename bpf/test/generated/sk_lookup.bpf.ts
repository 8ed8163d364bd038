// Written by bpf2ts from sk_lookup.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, SockMap, u32, u64 } from '@millrace/maps'
import { getI64, getIpv4, getIpv6, putI64, putIpv4, putIpv6, putU16be, putU32, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct lookup {
 *     __u32 family;
 *     __u32 protocol;
 *     ipv4_t local_ipv4;
 *     ipv4_t remote_ipv4;
 *     ipv6_t local_ipv6;
 *     ipv6_t remote_ipv6;
 *     __be16 local_port;
 *     __be16 remote_port;
 *     __s64 error;
 * };
 * ```
 */
export interface Lookup {
  family: number
  protocol: number
  localIpv4: string
  remoteIpv4: string
  localIpv6: string
  remoteIpv6: string
  localPort: number
  remotePort: number
  error: bigint
}

export const Lookup: Codec<Lookup> = {
  size: 64,
  alignment: 8,
  layout: [
    'size 64',
    'family u32 @0',
    'protocol u32 @32',
    'local_ipv4 be32 @64',
    'remote_ipv4 be32 @96',
    'local_ipv6.bytes[16] u8 @128',
    'remote_ipv6.bytes[16] u8 @256',
    'local_port be16 @384',
    'remote_port be16 @400',
    'error i64 @448',
  ],
  encode(value, view, offset) {
    zero(view, offset + 52, 4)
    putU32(view, offset, value.family, 'family')
    putU32(view, offset + 4, value.protocol, 'protocol')
    putIpv4(view, offset + 8, value.localIpv4, 'localIpv4')
    putIpv4(view, offset + 12, value.remoteIpv4, 'remoteIpv4')
    putIpv6(view, offset + 16, value.localIpv6, 'localIpv6')
    putIpv6(view, offset + 32, value.remoteIpv6, 'remoteIpv6')
    putU16be(view, offset + 48, value.localPort, 'localPort')
    putU16be(view, offset + 50, value.remotePort, 'remotePort')
    putI64(view, offset + 56, value.error, 'error')
  },
  decode(view, offset) {
    return {
      family: view.getUint32(offset, true),
      protocol: view.getUint32(offset + 4, true),
      localIpv4: getIpv4(view, offset + 8),
      remoteIpv4: getIpv4(view, offset + 12),
      localIpv6: getIpv6(view, offset + 16),
      remoteIpv6: getIpv6(view, offset + 32),
      localPort: view.getUint16(offset + 48),
      remotePort: view.getUint16(offset + 50),
      error: getI64(view, offset + 56),
    }
  },
}

/** What sk_lookup.bpf.o declares; `load(skLookup)` of @millrace/core loads it. */
export const skLookup = defineObject({
  name: 'skLookup',
  file: new URL('./sk_lookup.bpf.o', import.meta.url),
  maps: {
    sockets: SockMap.spec({ name: 'sockets', value: u64, maxEntries: 4 }),
    last: ArrayMap.spec({ name: 'last', value: Lookup, maxEntries: 1 }),
  },
  programs: {
    choose: { name: 'choose', type: 'sk_lookup', section: 'sk_lookup' },
    refuse: { name: 'refuse', type: 'sk_lookup', section: 'sk_lookup' },
  },
  constants: {
    chosen: { name: 'chosen', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {},
})

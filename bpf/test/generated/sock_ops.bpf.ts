// Written by bpf2ts from sock_ops.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, u64 } from '@millrace/maps'
import { getIpv4, getIpv6, putI32, putIpv4, putIpv6, putU16be, putU32 } from '@millrace/maps/codec'

/**
 * ```c
 * struct connection {
 *     __u32 family;
 *     ipv4_t local_ipv4;
 *     ipv4_t remote_ipv4;
 *     ipv6_t local_ipv6;
 *     ipv6_t remote_ipv6;
 *     __be16 local_port;
 *     __be16 remote_port;
 *     __u32 state;
 *     __s32 unknown_flags;
 *     __s32 error;
 * };
 * ```
 */
export interface Connection {
  family: number
  localIpv4: string
  remoteIpv4: string
  localIpv6: string
  remoteIpv6: string
  localPort: number
  remotePort: number
  state: number
  unknownFlags: number
  error: number
}

export const Connection: Codec<Connection> = {
  size: 60,
  alignment: 4,
  layout: [
    'size 60',
    'family u32 @0',
    'local_ipv4 be32 @32',
    'remote_ipv4 be32 @64',
    'local_ipv6.bytes[16] u8 @96',
    'remote_ipv6.bytes[16] u8 @224',
    'local_port be16 @352',
    'remote_port be16 @368',
    'state u32 @384',
    'unknown_flags i32 @416',
    'error i32 @448',
  ],
  encode(value, view, offset) {
    putU32(view, offset, value.family, 'family')
    putIpv4(view, offset + 4, value.localIpv4, 'localIpv4')
    putIpv4(view, offset + 8, value.remoteIpv4, 'remoteIpv4')
    putIpv6(view, offset + 12, value.localIpv6, 'localIpv6')
    putIpv6(view, offset + 28, value.remoteIpv6, 'remoteIpv6')
    putU16be(view, offset + 44, value.localPort, 'localPort')
    putU16be(view, offset + 46, value.remotePort, 'remotePort')
    putU32(view, offset + 48, value.state, 'state')
    putI32(view, offset + 52, value.unknownFlags, 'unknownFlags')
    putI32(view, offset + 56, value.error, 'error')
  },
  decode(view, offset) {
    return {
      family: view.getUint32(offset, true),
      localIpv4: getIpv4(view, offset + 4),
      remoteIpv4: getIpv4(view, offset + 8),
      localIpv6: getIpv6(view, offset + 12),
      remoteIpv6: getIpv6(view, offset + 28),
      localPort: view.getUint16(offset + 44),
      remotePort: view.getUint16(offset + 46),
      state: view.getUint32(offset + 48, true),
      unknownFlags: view.getInt32(offset + 52, true),
      error: view.getInt32(offset + 56, true),
    }
  },
}

/** What sock_ops.bpf.o declares; `load(sockOps)` of @millrace/core loads it. */
export const sockOps = defineObject({
  name: 'sockOps',
  file: new URL('./sock_ops.bpf.o', import.meta.url),
  maps: {
    ends: ArrayMap.spec({ name: 'ends', value: Connection, maxEntries: 2 }),
  },
  programs: {
    connections: { name: 'connections', type: 'sock_ops', section: 'sockops' },
  },
  constants: {},
  variables: {
    changes: { name: 'changes', section: '.bss', offset: 0, codec: u64 },
  },
})

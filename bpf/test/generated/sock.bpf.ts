// Written by bpf2ts from sock.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, u32 } from '@millrace/maps'
import { getIpv4, getIpv6, getU64, putIpv4, putIpv6, putU16be, putU32, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct socket {
 *     __u32 family;
 *     __u32 type;
 *     __u32 protocol;
 *     ipv4_t local_ipv4;
 *     ipv4_t remote_ipv4;
 *     ipv6_t local_ipv6;
 *     ipv6_t remote_ipv6;
 *     __be16 local_port;
 *     __be16 remote_port;
 *     __u64 times;
 * };
 * ```
 */
export interface Socket {
  family: number
  type: number
  protocol: number
  localIpv4: string
  remoteIpv4: string
  localIpv6: string
  remoteIpv6: string
  localPort: number
  remotePort: number
  times: bigint
}

export const Socket: Codec<Socket> = {
  size: 64,
  alignment: 8,
  layout: [
    'size 64',
    'family u32 @0',
    'type u32 @32',
    'protocol u32 @64',
    'local_ipv4 be32 @96',
    'remote_ipv4 be32 @128',
    'local_ipv6.bytes[16] u8 @160',
    'remote_ipv6.bytes[16] u8 @288',
    'local_port be16 @416',
    'remote_port be16 @432',
    'times u64 @448',
  ],
  encode(value, view, offset) {
    putU32(view, offset, value.family, 'family')
    putU32(view, offset + 4, value.type, 'type')
    putU32(view, offset + 8, value.protocol, 'protocol')
    putIpv4(view, offset + 12, value.localIpv4, 'localIpv4')
    putIpv4(view, offset + 16, value.remoteIpv4, 'remoteIpv4')
    putIpv6(view, offset + 20, value.localIpv6, 'localIpv6')
    putIpv6(view, offset + 36, value.remoteIpv6, 'remoteIpv6')
    putU16be(view, offset + 52, value.localPort, 'localPort')
    putU16be(view, offset + 54, value.remotePort, 'remotePort')
    putU64(view, offset + 56, value.times, 'times')
  },
  decode(view, offset) {
    return {
      family: view.getUint32(offset, true),
      type: view.getUint32(offset + 4, true),
      protocol: view.getUint32(offset + 8, true),
      localIpv4: getIpv4(view, offset + 12),
      remoteIpv4: getIpv4(view, offset + 16),
      localIpv6: getIpv6(view, offset + 20),
      remoteIpv6: getIpv6(view, offset + 36),
      localPort: view.getUint16(offset + 52),
      remotePort: view.getUint16(offset + 54),
      times: getU64(view, offset + 56),
    }
  },
}

/** What sock.bpf.o declares; `load(sock)` of @millrace/core loads it. */
export const sock = defineObject({
  name: 'sock',
  file: new URL('./sock.bpf.o', import.meta.url),
  maps: {
    seen: ArrayMap.spec({ name: 'seen', value: Socket, maxEntries: 4 }),
  },
  programs: {
    sockCreate: { name: 'sock_create', type: 'cgroup_sock', section: 'cgroup/sock_create' },
    sockRelease: { name: 'sock_release', type: 'cgroup_sock', section: 'cgroup/sock_release' },
    postBind4: { name: 'post_bind4', type: 'cgroup_sock', section: 'cgroup/post_bind4' },
    postBind6: { name: 'post_bind6', type: 'cgroup_sock', section: 'cgroup/post_bind6' },
    sent: { name: 'sent', type: 'cgroup_skb', section: 'cgroup_skb/egress' },
  },
  constants: {
    deniedType: { name: 'denied_type', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {},
})

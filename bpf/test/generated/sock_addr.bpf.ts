// Written by bpf2ts from sock_addr.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import { getIpv4, getIpv6, putIpv4, putIpv6, putU16be, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct endpoint {
 *     ipv4_t ipv4;
 *     ipv6_t ipv6;
 *     __be16 port;
 * };
 * ```
 */
export interface Endpoint {
  ipv4: string
  ipv6: string
  port: number
}

export const Endpoint: Codec<Endpoint> = {
  size: 24,
  alignment: 4,
  layout: ['size 24', 'ipv4 be32 @0', 'ipv6.bytes[16] u8 @32', 'port be16 @160'],
  encode(value, view, offset) {
    zero(view, offset + 22, 2)
    putIpv4(view, offset, value.ipv4, 'ipv4')
    putIpv6(view, offset + 4, value.ipv6, 'ipv6')
    putU16be(view, offset + 20, value.port, 'port')
  },
  decode(view, offset) {
    return { ipv4: getIpv4(view, offset), ipv6: getIpv6(view, offset + 4), port: view.getUint16(offset + 20) }
  },
}

/** What sock_addr.bpf.o declares; `load(sockAddr)` of @millrace/core loads it. */
export const sockAddr = defineObject({
  name: 'sockAddr',
  file: new URL('./sock_addr.bpf.o', import.meta.url),
  maps: {
    seen: ArrayMap.spec({ name: 'seen', value: Endpoint, maxEntries: 7 }),
    changes: ArrayMap.spec({ name: 'changes', value: Endpoint, maxEntries: 7 }),
  },
  programs: {
    connect4: { name: 'connect4', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    denyConnect4: { name: 'deny_connect4', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    connect6: { name: 'connect6', type: 'cgroup_sock_addr', section: 'cgroup/connect6' },
    bind4: { name: 'bind4', type: 'cgroup_sock_addr', section: 'cgroup/bind4' },
    bind4Low: { name: 'bind4_low', type: 'cgroup_sock_addr', section: 'cgroup/bind4' },
    bind6: { name: 'bind6', type: 'cgroup_sock_addr', section: 'cgroup/bind6' },
    sendmsg4: { name: 'sendmsg4', type: 'cgroup_sock_addr', section: 'cgroup/sendmsg4' },
    sendmsg6: { name: 'sendmsg6', type: 'cgroup_sock_addr', section: 'cgroup/sendmsg6' },
    recvmsg4: { name: 'recvmsg4', type: 'cgroup_sock_addr', section: 'cgroup/recvmsg4' },
    recvmsg6: { name: 'recvmsg6', type: 'cgroup_sock_addr', section: 'cgroup/recvmsg6' },
    getpeername4: { name: 'getpeername4', type: 'cgroup_sock_addr', section: 'cgroup/getpeername4' },
    getpeername6: { name: 'getpeername6', type: 'cgroup_sock_addr', section: 'cgroup/getpeername6' },
    getsockname4: { name: 'getsockname4', type: 'cgroup_sock_addr', section: 'cgroup/getsockname4' },
    getsockname6: { name: 'getsockname6', type: 'cgroup_sock_addr', section: 'cgroup/getsockname6' },
  },
  constants: {},
  variables: {},
})

// Written by bpf2ts from redirect.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { HashMap } from '@millrace/maps'
import { getIpv4, putIpv4, putU16be } from '@millrace/maps/codec'

/**
 * ```c
 * struct endpoint {
 *     ipv4_t address;
 *     __be16 port;
 * } __attribute__((packed));
 * ```
 */
export interface Endpoint {
  address: string
  port: number
}

export const Endpoint: Codec<Endpoint> = {
  size: 6,
  alignment: 1,
  layout: ['size 6', 'address be32 @0', 'port be16 @32'],
  encode(value, view, offset) {
    putIpv4(view, offset, value.address, 'address')
    putU16be(view, offset + 4, value.port, 'port')
  },
  decode(view, offset) {
    return { address: getIpv4(view, offset), port: view.getUint16(offset + 4) }
  },
}

/** What redirect.bpf.o declares; `load(redirect)` of @millrace/core loads it. */
export const redirect = defineObject({
  name: 'redirect',
  file: new URL('./redirect.bpf.o', import.meta.url),
  maps: {
    backends: HashMap.spec({ name: 'backends', key: Endpoint, value: Endpoint, maxEntries: 64 }),
    services: HashMap.spec({ name: 'services', key: Endpoint, value: Endpoint, maxEntries: 64 }),
  },
  programs: {
    connect4: { name: 'connect4', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    sendmsg4: { name: 'sendmsg4', type: 'cgroup_sock_addr', section: 'cgroup/sendmsg4' },
    recvmsg4: { name: 'recvmsg4', type: 'cgroup_sock_addr', section: 'cgroup/recvmsg4' },
    getpeername4: { name: 'getpeername4', type: 'cgroup_sock_addr', section: 'cgroup/getpeername4' },
  },
  constants: {},
  variables: {},
})

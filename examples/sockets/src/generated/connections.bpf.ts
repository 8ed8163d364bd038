// Written by bpf2ts from connections.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { bool, ipv4, PerCpuArrayMap, RingBuffer, u16be, u32, u64 } from '@millrace/maps'
import { getBool, getIpv4, putBool, putIpv4, putU16be, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct connection {
 *     ipv4_t local;
 *     ipv4_t remote;
 *     __be16 local_port;
 *     __be16 remote_port;
 *     bool outgoing;
 * };
 * ```
 */
export interface Connection {
  local: string
  remote: string
  localPort: number
  remotePort: number
  outgoing: boolean
}

export const Connection: Codec<Connection> = {
  size: 16,
  alignment: 4,
  layout: [
    'size 16',
    'local be32 @0',
    'remote be32 @32',
    'local_port be16 @64',
    'remote_port be16 @80',
    'outgoing bool8 @96',
  ],
  places: () => ({
    local: [0, ipv4],
    remote: [4, ipv4],
    localPort: [8, u16be],
    remotePort: [10, u16be],
    outgoing: [12, bool],
  }),
  encode(value, view, offset) {
    zero(view, offset + 13, 3)
    putIpv4(view, offset, value.local, 'local')
    putIpv4(view, offset + 4, value.remote, 'remote')
    putU16be(view, offset + 8, value.localPort, 'localPort')
    putU16be(view, offset + 10, value.remotePort, 'remotePort')
    putBool(view, offset + 12, value.outgoing, 'outgoing')
  },
  decode(view, offset) {
    return {
      local: getIpv4(view, offset),
      remote: getIpv4(view, offset + 4),
      localPort: view.getUint16(offset + 8),
      remotePort: view.getUint16(offset + 10),
      outgoing: getBool(view, offset + 12),
    }
  },
}

/** What connections.bpf.o declares; `load(connections)` of @millrace/core loads it. */
export const connections = defineObject({
  name: 'connections',
  file: new URL('./connections.bpf.o', import.meta.url),
  maps: {
    established: RingBuffer.spec({
      name: 'established',
      event: Connection,
      maxEntries: 65536,
      overruns: 'established_overruns',
    }),
    establishedOverruns: PerCpuArrayMap.spec({ name: 'established_overruns', value: u64, maxEntries: 1 }),
  },
  programs: {
    connections: { name: 'connections', type: 'sock_ops', section: 'sockops' },
  },
  constants: {
    patience: { name: 'patience', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {},
})

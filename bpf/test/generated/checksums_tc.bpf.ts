// Written by bpf2ts from checksums_tc.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import { getBool, putBool, putU16be, putU32, zero } from '@millrace/maps/codec'

/**
 * ```c
 * enum mr_status {
 *     MR_OK = 0,
 *     MR_TRUNCATED = 1,
 *     MR_MALFORMED = 2,
 *     MR_TOO_DEEP = 3,
 *     MR_NONLINEAR = 4,
 * };
 * ```
 */
export const MrStatus = { Ok: 0, Truncated: 1, Malformed: 2, TooDeep: 3, Nonlinear: 4 } as const
export type MrStatus = (typeof MrStatus)[keyof typeof MrStatus]

/**
 * ```c
 * struct checksums {
 *     enum mr_status status;
 *     bool summed;
 *     __be16 frame;
 *     __be16 ipv4_header;
 *     __be16 transport;
 * };
 * ```
 */
export interface Checksums {
  status: MrStatus
  summed: boolean
  frame: number
  ipv4Header: number
  transport: number
}

export const Checksums: Codec<Checksums> = {
  size: 12,
  alignment: 4,
  layout: [
    'size 12',
    'status u32 @0',
    'summed bool8 @32',
    'frame be16 @48',
    'ipv4_header be16 @64',
    'transport be16 @80',
  ],
  encode(value, view, offset) {
    zero(view, offset + 5, 1)
    putU32(view, offset, value.status, 'status')
    putBool(view, offset + 4, value.summed, 'summed')
    putU16be(view, offset + 6, value.frame, 'frame')
    putU16be(view, offset + 8, value.ipv4Header, 'ipv4Header')
    putU16be(view, offset + 10, value.transport, 'transport')
  },
  decode(view, offset) {
    return {
      status: view.getUint32(offset, true) as MrStatus,
      summed: getBool(view, offset + 4),
      frame: view.getUint16(offset + 6),
      ipv4Header: view.getUint16(offset + 8),
      transport: view.getUint16(offset + 10),
    }
  },
}

/** What checksums_tc.bpf.o declares; `load(checksumsTc)` of @millrace/core loads it. */
export const checksumsTc = defineObject({
  name: 'checksumsTc',
  file: new URL('./checksums_tc.bpf.o', import.meta.url),
  maps: {
    results: ArrayMap.spec({ name: 'results', value: Checksums, maxEntries: 1 }),
  },
  programs: {
    sumFrame: { name: 'sum_frame', type: 'sched_cls', section: 'tc' },
    sumTransport: { name: 'sum_transport', type: 'sched_cls', section: 'tc' },
    sumIpv4Header: { name: 'sum_ipv4_header', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {},
})

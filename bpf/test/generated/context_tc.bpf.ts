// Written by bpf2ts from context_tc.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, i32 } from '@millrace/maps'
import { getBool, putBool, putI32, putU16, putU32, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct facts {
 *     __u32 length;
 *     __u32 linear_length;
 *     __u32 pulled_length;
 *     __s32 pull_error;
 *     __u32 ifindex;
 *     __u32 rx_queue;
 *     __u16 vlan_tci;
 *     bool vlan_offloaded;
 * };
 * ```
 */
export interface Facts {
  length: number
  linearLength: number
  pulledLength: number
  pullError: number
  ifindex: number
  rxQueue: number
  vlanTci: number
  vlanOffloaded: boolean
}

export const Facts: Codec<Facts> = {
  size: 28,
  alignment: 4,
  layout: [
    'size 28',
    'length u32 @0',
    'linear_length u32 @32',
    'pulled_length u32 @64',
    'pull_error i32 @96',
    'ifindex u32 @128',
    'rx_queue u32 @160',
    'vlan_tci u16 @192',
    'vlan_offloaded bool8 @208',
  ],
  encode(value, view, offset) {
    zero(view, offset + 27, 1)
    putU32(view, offset, value.length, 'length')
    putU32(view, offset + 4, value.linearLength, 'linearLength')
    putU32(view, offset + 8, value.pulledLength, 'pulledLength')
    putI32(view, offset + 12, value.pullError, 'pullError')
    putU32(view, offset + 16, value.ifindex, 'ifindex')
    putU32(view, offset + 20, value.rxQueue, 'rxQueue')
    putU16(view, offset + 24, value.vlanTci, 'vlanTci')
    putBool(view, offset + 26, value.vlanOffloaded, 'vlanOffloaded')
  },
  decode(view, offset) {
    return {
      length: view.getUint32(offset, true),
      linearLength: view.getUint32(offset + 4, true),
      pulledLength: view.getUint32(offset + 8, true),
      pullError: view.getInt32(offset + 12, true),
      ifindex: view.getUint32(offset + 16, true),
      rxQueue: view.getUint32(offset + 20, true),
      vlanTci: view.getUint16(offset + 24, true),
      vlanOffloaded: getBool(view, offset + 26),
    }
  },
}

/** What context_tc.bpf.o declares; `load(contextTc)` of @millrace/core loads it. */
export const contextTc = defineObject({
  name: 'contextTc',
  file: new URL('./context_tc.bpf.o', import.meta.url),
  maps: {
    results: ArrayMap.spec({ name: 'results', value: Facts, maxEntries: 1 }),
  },
  programs: {
    tell: { name: 'tell', type: 'sched_cls', section: 'tc' },
    adjust: { name: 'adjust', type: 'sched_cls', section: 'tc' },
    flip: { name: 'flip', type: 'sched_cls', section: 'tc' },
    swapAndTransmit: { name: 'swap_and_transmit', type: 'sched_cls', section: 'tc' },
    redirect: { name: 'redirect', type: 'sched_cls', section: 'tc' },
    abortIt: { name: 'abort_it', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    amount: { name: 'amount', section: '.rodata', offset: 0, codec: i32 },
  },
  variables: {},
})

// Written by bpf2ts from dispatcher.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { array, u8, u32 } from '@millrace/maps'
import { getArray, putArray, putU8, putU32 } from '@millrace/maps/codec'

/**
 * ```c
 * struct mr_dispatcher_config {
 *     __u8 magic;
 *     __u8 version;
 *     __u8 programs;
 *     __u8 frags;
 *     __u32 go_on[10];
 *     __u32 priorities[10];
 *     __u32 flags[10];
 * };
 * ```
 */
export interface MrDispatcherConfig {
  magic: number
  version: number
  programs: number
  frags: number
  goOn: number[]
  priorities: number[]
  flags: number[]
}

export const MrDispatcherConfig: Codec<MrDispatcherConfig> = {
  size: 124,
  alignment: 4,
  layout: [
    'size 124',
    'magic u8 @0',
    'version u8 @8',
    'programs u8 @16',
    'frags u8 @24',
    'go_on[10] u32 @32',
    'priorities[10] u32 @352',
    'flags[10] u32 @672',
  ],
  places: () => ({
    magic: [0, u8],
    version: [1, u8],
    programs: [2, u8],
    frags: [3, u8],
    goOn: [4, array(u32, 10)],
    priorities: [44, array(u32, 10)],
    flags: [84, array(u32, 10)],
  }),
  encode(value, view, offset) {
    putU8(view, offset, value.magic, 'magic')
    putU8(view, offset + 1, value.version, 'version')
    putU8(view, offset + 2, value.programs, 'programs')
    putU8(view, offset + 3, value.frags, 'frags')
    putArray(view, offset + 4, 4, 10, value.goOn, putU32, 'goOn')
    putArray(view, offset + 44, 4, 10, value.priorities, putU32, 'priorities')
    putArray(view, offset + 84, 4, 10, value.flags, putU32, 'flags')
  },
  decode(view, offset) {
    return {
      magic: view.getUint8(offset),
      version: view.getUint8(offset + 1),
      programs: view.getUint8(offset + 2),
      frags: view.getUint8(offset + 3),
      goOn: getArray(view, offset + 4, 4, 10, (view, at) => view.getUint32(at, true)),
      priorities: getArray(view, offset + 44, 4, 10, (view, at) => view.getUint32(at, true)),
      flags: getArray(view, offset + 84, 4, 10, (view, at) => view.getUint32(at, true)),
    }
  },
}

/** What dispatcher.bpf.o declares; `load(dispatcher)` of @millrace/core loads it. */
export const dispatcher = defineObject({
  name: 'dispatcher',
  file: new URL('./dispatcher.bpf.o', import.meta.url),
  maps: {},
  programs: {
    xdpDispatcher: { name: 'xdp_dispatcher', type: 'xdp', section: 'xdp' },
  },
  constants: {
    config: { name: 'config', section: '.rodata', offset: 0, codec: MrDispatcherConfig },
  },
  variables: {},
})

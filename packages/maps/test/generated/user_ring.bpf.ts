// Written by bpf2ts from user_ring.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { UserRingBuffer, u32, u64 } from '@millrace/maps'
import { getU64, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct command {
 *     __u32 verb;
 *     __u64 argument;
 * };
 * ```
 */
export interface Command {
  verb: number
  argument: bigint
}

export const Command: Codec<Command> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'verb u32 @0', 'argument u64 @64'],
  places: () => ({ verb: [0, u32], argument: [8, u64] }),
  encode(value, view, offset) {
    zero(view, offset + 4, 4)
    putU32(view, offset, value.verb, 'verb')
    putU64(view, offset + 8, value.argument, 'argument')
  },
  decode(view, offset) {
    return { verb: view.getUint32(offset, true), argument: getU64(view, offset + 8) }
  },
}

/** What user_ring.bpf.o declares; `load(userRing)` of @millrace/core loads it. */
export const userRing = defineObject({
  name: 'userRing',
  file: new URL('./user_ring.bpf.o', import.meta.url),
  maps: {
    commands: UserRingBuffer.spec({ name: 'commands', event: Command, maxEntries: 4096 }),
  },
  programs: {
    obey: { name: 'obey', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {
    sum: { name: 'sum', section: '.bss', offset: 0, codec: u64 },
    last: { name: 'last', section: '.bss', offset: 8, codec: u64 },
    tooShort: { name: 'too_short', section: '.bss', offset: 16, codec: u32 },
  },
})

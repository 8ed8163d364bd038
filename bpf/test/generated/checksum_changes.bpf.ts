// Written by bpf2ts from checksum_changes.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import { getIpv6, getU64, putIpv6, putU16, putU16be, putU32be, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct change {
 *     __u64 sum;
 *     __be16 checksum;
 *     __be16 from2;
 *     __be32 from4;
 *     ipv6_t from16;
 *     __be32 to4;
 *     ipv6_t to16;
 *     __be16 to2;
 *     __u16 folded;
 *     __be16 after2;
 *     __be16 after4;
 *     __be16 after16;
 *     __be16 udp_after2;
 * };
 * ```
 */
export interface Change {
  sum: bigint
  checksum: number
  from2: number
  from4: number
  from16: string
  to4: number
  to16: string
  to2: number
  folded: number
  after2: number
  after4: number
  after16: number
  udpAfter2: number
}

export const Change: Codec<Change> = {
  size: 64,
  alignment: 8,
  layout: [
    'size 64',
    'sum u64 @0',
    'checksum be16 @64',
    'from2 be16 @80',
    'from4 be32 @96',
    'from16.bytes[16] u8 @128',
    'to4 be32 @256',
    'to16.bytes[16] u8 @288',
    'to2 be16 @416',
    'folded u16 @432',
    'after2 be16 @448',
    'after4 be16 @464',
    'after16 be16 @480',
    'udp_after2 be16 @496',
  ],
  encode(value, view, offset) {
    putU64(view, offset, value.sum, 'sum')
    putU16be(view, offset + 8, value.checksum, 'checksum')
    putU16be(view, offset + 10, value.from2, 'from2')
    putU32be(view, offset + 12, value.from4, 'from4')
    putIpv6(view, offset + 16, value.from16, 'from16')
    putU32be(view, offset + 32, value.to4, 'to4')
    putIpv6(view, offset + 36, value.to16, 'to16')
    putU16be(view, offset + 52, value.to2, 'to2')
    putU16(view, offset + 54, value.folded, 'folded')
    putU16be(view, offset + 56, value.after2, 'after2')
    putU16be(view, offset + 58, value.after4, 'after4')
    putU16be(view, offset + 60, value.after16, 'after16')
    putU16be(view, offset + 62, value.udpAfter2, 'udpAfter2')
  },
  decode(view, offset) {
    return {
      sum: getU64(view, offset),
      checksum: view.getUint16(offset + 8),
      from2: view.getUint16(offset + 10),
      from4: view.getUint32(offset + 12),
      from16: getIpv6(view, offset + 16),
      to4: view.getUint32(offset + 32),
      to16: getIpv6(view, offset + 36),
      to2: view.getUint16(offset + 52),
      folded: view.getUint16(offset + 54, true),
      after2: view.getUint16(offset + 56),
      after4: view.getUint16(offset + 58),
      after16: view.getUint16(offset + 60),
      udpAfter2: view.getUint16(offset + 62),
    }
  },
}

/** What checksum_changes.bpf.o declares; `load(checksumChanges)` of @millrace/core loads it. */
export const checksumChanges = defineObject({
  name: 'checksumChanges',
  file: new URL('./checksum_changes.bpf.o', import.meta.url),
  maps: {
    changes: ArrayMap.spec({ name: 'changes', value: Change, maxEntries: 1 }),
  },
  programs: {
    changeFields: { name: 'change_fields', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})

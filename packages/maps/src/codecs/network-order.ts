import type { Codec } from '@millrace/core'
import * as codec from '../codec/index.js'
import { leaf } from './layout.js'

/**
 * `__be16`, in network byte order as a packet has it: an integer from 0 to 65,535. What a program copies from a header
 * into a key without `bpf_ntohs` is of this type.
 *
 * @example
 * ```ts
 * import { HashMap, ipv4, struct, u16be, u64 } from '@millrace/maps'
 *
 * const Endpoint = struct({ address: ipv4, port: u16be })
 * using requests = HashMap.create({ name: 'requests', key: Endpoint, value: u64, maxEntries: 1024 })
 * requests.set({ address: '192.0.2.1', port: 443 }, 0n)
 * ```
 */
export const u16be: Codec<number> = {
  size: 2,
  alignment: 2,
  layout: leaf(2, 'be16'),
  encode: (value, view, offset) => codec.putU16be(view, offset, value, ''),
  decode: (view, offset) => view.getUint16(offset, false),
}

/**
 * `__be32`, in network byte order as a packet has it: an integer from 0 to 4,294,967,295. Also an IPv4 address as a
 * number, its first byte the most significant, where {@link ipv4}'s strings are too slow.
 *
 * @example
 * ```ts
 * import { struct, u32be } from '@millrace/maps'
 *
 * const Source = struct({ address: u32be })
 * ```
 */
export const u32be: Codec<number> = {
  size: 4,
  alignment: 4,
  layout: leaf(4, 'be32'),
  encode: (value, view, offset) => codec.putU32be(view, offset, value, ''),
  decode: (view, offset) => view.getUint32(offset, false),
}

/**
 * `__be64`, in network byte order: a bigint from 0n to 2n ** 64n - 1n.
 *
 * @example
 * ```ts
 * import { struct, u64be } from '@millrace/maps'
 *
 * const Packet = struct({ cookie: u64be })
 * ```
 */
export const u64be: Codec<bigint> = {
  size: 8,
  alignment: 8,
  layout: leaf(8, 'be64'),
  encode: (value, view, offset) => codec.putU64be(view, offset, value, ''),
  decode: codec.getU64be,
}

/**
 * `ipv4_t` of `millrace/types.h`, a `__be32`: an IPv4 address as dotted-decimal text such as `192.0.2.1`. Numbers with
 * leading zeros are refused, as some read them as octal (RFC 6943, 3.1.1). {@link u32be} reads and writes the same
 * bytes as a number.
 *
 * @example
 * ```ts
 * import { ipv4, struct } from '@millrace/maps'
 *
 * const Pair = struct({ source: ipv4, destination: ipv4 })
 * ```
 */
export const ipv4: Codec<string> = {
  size: 4,
  alignment: 4,
  layout: leaf(4, 'be32'),
  encode: (value, view, offset) => codec.putIpv4(view, offset, value, ''),
  decode: codec.getIpv4,
}

/**
 * `ipv6_t` of `millrace/types.h`, 16 bytes: an IPv6 address as text. Any form of RFC 4291 is taken; what is read has
 * the one form of RFC 5952, such as `2001:db8::1`. No zone: `fe80::1%eth0` names an interface too, which the 16 bytes
 * cannot hold.
 *
 * @example
 * ```ts
 * import { ipv6, struct } from '@millrace/maps'
 *
 * const Pair = struct({ source: ipv6, destination: ipv6 })
 * ```
 */
export const ipv6: Codec<string> = {
  size: 16,
  alignment: 1,
  layout: ['size 16', 'bytes[16] u8 @0'],
  encode: (value, view, offset) => codec.putIpv6(view, offset, value, ''),
  decode: codec.getIpv6,
}

/**
 * `mac_t` of `millrace/types.h`, 6 bytes: a MAC address as text such as `02:00:5e:10:00:01`; hyphens are taken as well.
 *
 * @example
 * ```ts
 * import { mac, struct } from '@millrace/maps'
 *
 * const Pair = struct({ source: mac, destination: mac })
 * ```
 */
export const mac: Codec<string> = {
  size: 6,
  alignment: 1,
  layout: ['size 6', 'bytes[6] u8 @0'],
  encode: (value, view, offset) => codec.putMac(view, offset, value, ''),
  decode: codec.getMac,
}

import { type DecodedPacket, type ParseOptions, parsePacket } from './parse.js'

/**
 * A packet for people to read: a line a layer, without the fields that are 0, unset or empty.
 *
 * @example
 * ```ts
 * import { formatPacket, packet } from '@millrace/testing'
 *
 * console.log(formatPacket(packet().ethernet().ipv4().udp({ checksum: 'wrong' }).payload('hello').build()))
 * // ethernet  02:00:00:00:00:01 > 02:00:00:00:00:02, type 0x0800
 * // ipv4      192.0.2.1 > 192.0.2.2, protocol 17, ttl 64, version 4, headerLength 20, totalLength 33, checksum 0xf6c8
 * // udp       40000 > 9, length 13, checksum 0x8980 (wrong)
 * // payload   5 bytes "hello"
 * ```
 */
export function formatPacket(packet: Uint8Array | DecodedPacket, options?: ParseOptions): string {
  return (packet instanceof Uint8Array ? parsePacket(packet, options) : packet).toString()
}

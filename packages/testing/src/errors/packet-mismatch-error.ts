import { brand, MillraceError } from './millrace-error.js'

/**
 * `ERR_PACKET_MISMATCH`: a packet is not the expected one. `message` and `diff` show where.
 *
 * @example
 * ```ts
 * import { assertPacket, PacketMismatchError, packet } from '@millrace/testing'
 *
 * try {
 *   assertPacket(packet().ipv4({ ttl: 1 }), packet().ipv4({ ttl: 2 }), { from: 'ip' })
 * } catch (error) {
 *   if (error instanceof PacketMismatchError) console.error(error.diff)
 * }
 * ```
 */
export class PacketMismatchError extends MillraceError {
  static {
    brand(PacketMismatchError, 'PacketMismatchError')
  }

  override readonly code = 'ERR_PACKET_MISMATCH'
  /** as {@link diffPackets} writes it */
  readonly diff: string

  constructor(diff: string) {
    super(`the packet is not the expected one\n\n${diff}\n`)
    this.diff = diff
  }
}

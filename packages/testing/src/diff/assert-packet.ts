import { PacketMismatchError } from '../errors/index.js'
import { type DiffOptions, diffPackets, type PacketLike } from './diff-packets.js'

/**
 * Throws when a packet is not the expected one; the message shows how, as {@link diffPackets} does. Works with any test
 * runner.
 *
 * @throws {@link PacketMismatchError}
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { assertPacket, packet, testRun } from '@millrace/testing'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * const sent = packet().ethernet().ipv4().tcp({ destinationPort: 80, syn: true })
 * assertPacket(testRun(fw.programs.firewall, sent).packet, sent) // what passes is not changed
 * ```
 */
export function assertPacket(actual: PacketLike, expected: PacketLike, options?: DiffOptions): void {
  const diff = diffPackets(actual, expected, options)
  if (diff === undefined) return
  const error = new PacketMismatchError(diff)
  // The stack starts at the assertion's caller: test runners show that line.
  Error.captureStackTrace(error, assertPacket)
  throw error
}

import { isDeepStrictEqual } from 'node:util'
import { fieldTexts } from '../packet/field-text.js'
import { type DecodedPacket, type Layer, Packet, type ParseOptions, parsePacket } from '../packet/index.js'
import { align } from './align.js'
import { hexDiff } from './hex-diff.js'

/** Options of {@link diffPackets} and {@link assertPacket}. */
export interface DiffOptions extends ParseOptions {
  /** fields that need not agree, as `layer.field`: `['ipv4.identification', 'ipv4.checksum']` */
  readonly ignore?: readonly string[] | undefined
}

/** A packet in any of its forms. */
export type PacketLike = Uint8Array | Packet | DecodedPacket

interface Row {
  readonly layer: string
  readonly field: string
  readonly actual: string
  readonly expected: string
}

/**
 * How two packets differ, layer by layer and field by field, and in which bytes; undefined when they do not.
 *
 * @example
 * ```ts
 * import { diffPackets, packet } from '@millrace/testing'
 *
 * const sent = packet().ethernet().ipv4({ ttl: 64 }).udp()
 * console.log(diffPackets(sent, sent.change('ipv4', { ttl: 63 })))
 * // layer     field     actual  expected
 * // ethernet  same
 * // ipv4      ttl       64      63
 * //           checksum  0xf6cd  0xf7cd
 * // udp       same
 * //
 * // 0010  00 1c 00 00 00 00 40 11 f6 cd c0 00 02 01 c0 00  actual
 * //       00 1c 00 00 00 00 3f 11 f7 cd c0 00 02 01 c0 00  expected
 * //                         ^^    ^^
 * ```
 */
export function diffPackets(actual: PacketLike, expected: PacketLike, options: DiffOptions = {}): string | undefined {
  const [one, other] = [decoded(actual, options), decoded(expected, options)]
  const ignored = new Set(options.ignore)
  const groups = align(one.layers, other.layers, (a, b) => a.layer === b.layer).map((pair) => compare(pair, ignored))
  const fieldsAgree = groups.every((rows) => rows.every(({ field }) => field === same))
  const bytes = hexDiff(one.bytes, other.bytes)
  // Without fields to ignore the bytes decide: what the parser does not tell apart must agree, too.
  if (fieldsAgree && (ignored.size > 0 || bytes.length === 0)) return undefined
  return [...table(groups.flat()), '', ...bytes].join('\n')
}

export function decoded(packet: PacketLike, options: ParseOptions): DecodedPacket {
  if (packet instanceof Packet) return parsePacket(packet.build(), options)
  return packet instanceof Uint8Array ? parsePacket(packet, options) : packet
}

const same = 'same'

function compare([actual, expected]: readonly [Layer | undefined, Layer | undefined], ignored: Set<string>): Row[] {
  const layer = (actual ?? expected)?.layer ?? ''
  if (actual === undefined) return [{ layer, field: '', actual: 'missing', expected: 'there' }]
  if (expected === undefined) return [{ layer, field: '', actual: 'there', expected: 'missing' }]
  const [left, right] = [new Map(fieldTexts(actual)), new Map(fieldTexts(expected))]
  const [values, others] = [new Map(Object.entries(actual)), new Map(Object.entries(expected))]
  const rows = [...new Set([...left.keys(), ...right.keys()])]
    .filter((field) => !ignored.has(`${layer}.${field}`) && !isDeepStrictEqual(values.get(field), others.get(field)))
    .map((field) => ({ layer, field, actual: left.get(field) ?? '', expected: right.get(field) ?? '' }))
  return rows.length > 0 ? rows.map((row, index) => ({ ...row, layer: index === 0 ? layer : '' })) : [sameRow(layer)]
}

function sameRow(layer: string): Row {
  return { layer, field: same, actual: '', expected: '' }
}

function table(rows: readonly Row[]): readonly string[] {
  const all = [{ layer: 'layer', field: 'field', actual: 'actual', expected: 'expected' }, ...rows]
  const width = (column: keyof Row) => Math.max(...all.map((row) => row[column].length))
  const widths = { layer: width('layer'), field: width('field'), actual: width('actual') }
  return all.map(({ layer, field, actual, expected }) =>
    [layer.padEnd(widths.layer), field.padEnd(widths.field), actual.padEnd(widths.actual), expected]
      .join('  ')
      .trimEnd(),
  )
}

import type { Random } from './random.js'

/** Values that mean something to a parser, and their neighbours. */
const tellingBytes = [
  0, 1, 2, 4, 5, 6, 8, 17, 20, 41, 43, 44, 45, 50, 51, 58, 59, 60, 0x40, 0x45, 0x46, 0x4f, 0x60, 0xff,
]
const ethertypes = [0x0800, 0x86dd, 0x8100, 0x88a8, 0x0806, 0x9100, 0x05dc, 0xffff]
const extensions = [0, 43, 44, 51, 60]
const upperLayers = [6, 17, 1, 58, 50, 59, 47, 132]

/** A sample frame with some of its bytes changed, perhaps cut or grown. */
export function mutate(sample: Uint8Array, random: Random): Uint8Array {
  let frame = Uint8Array.from(sample)
  // Behind the addresses of Ethernet, which no parser looks at.
  for (let changes = 1 + random.below(4); changes > 0 && frame.length > 12; changes--) {
    const at = 12 + random.below(Math.min(frame.length - 12, 80))
    frame[at] = random.chance(0.5) ? random.pick(tellingBytes) : random.below(256)
  }
  if (random.chance(0.3)) frame = frame.slice(0, 14 + random.below(Math.max(1, frame.length - 14)))
  if (random.chance(0.2)) frame = Uint8Array.from([...frame, ...random.bytes(random.below(64))])
  return frame
}

/** A frame made of headers that fit each other more often than not, with chains that no sample has. */
export function invent(random: Random): Uint8Array {
  const frame = [...random.bytes(12)]
  const u16 = (value: number) => frame.push((value >> 8) & 0xff, value & 0xff)
  let ethertype = random.pick(ethertypes)
  u16(ethertype)
  for (let tags = 0; tags < 3 && (ethertype === 0x8100 || ethertype === 0x88a8); tags++) {
    u16(random.below(0x10000))
    ethertype = random.pick(ethertypes)
    u16(ethertype)
  }
  if (ethertype === 0x0800) frame.push(...inventIpv4(random))
  else if (ethertype === 0x86dd) frame.push(...inventIpv6(random))
  else frame.push(...random.bytes(random.below(60)))
  return Uint8Array.from(frame)
}

function inventIpv4(random: Random): number[] {
  const protocol = random.pick(upperLayers)
  const rest = inventUpperLayer(protocol, random)
  const words = random.chance(0.7) ? 5 : random.below(16)
  const header = [...random.bytes(Math.max(20, words * 4))]
  header[0] = (random.chance(0.95) ? 0x40 : random.below(256) & 0xf0) | words
  put16(header, 2, lengthNear(header.length + rest.length, random))
  put16(header, 6, random.chance(0.7) ? 0 : random.below(0x10000))
  header[9] = protocol
  return [...header, ...rest]
}

function inventIpv6(random: Random): number[] {
  const kinds = Array.from({ length: random.chance(0.4) ? 0 : random.below(11) }, () => random.pick(extensions))
  const protocol = random.pick(upperLayers)
  const chain = kinds.flatMap((kind, index) => inventExtension(kind, kinds[index + 1] ?? protocol, random))
  const rest = [...chain, ...inventUpperLayer(protocol, random)]
  const header = [...random.bytes(40)]
  header[0] = random.chance(0.95) ? 0x60 : random.below(256)
  put16(header, 4, lengthNear(rest.length, random))
  header[6] = kinds[0] ?? protocol
  return [...header, ...rest]
}

function inventExtension(kind: number, next: number, random: Random): number[] {
  const units = random.chance(0.9) ? random.below(4) : random.below(256)
  const size = kind === 44 ? 8 : kind === 51 ? (units + 2) * 4 : (units + 1) * 8
  const header = [...random.bytes(random.chance(0.95) ? size : random.below(size + 1))]
  if (header.length > 1) {
    header[0] = next
    header[1] = units
  }
  // Most are whole or first fragments, or nothing would ever be behind them.
  if (kind === 44 && random.chance(0.8)) put16(header, 2, random.below(2))
  return header
}

function inventUpperLayer(protocol: number, random: Random): number[] {
  const bytes = [...random.bytes(random.below(80))]
  if (protocol === 6 && bytes.length > 12 && random.chance(0.9)) bytes[12] = (5 + random.below(11)) << 4
  if (protocol === 17 && bytes.length > 5) put16(bytes, 4, lengthNear(bytes.length, random))
  return bytes
}

/** Mostly the right length. */
function lengthNear(length: number, random: Random): number {
  if (random.chance(0.85)) return length
  return random.chance(0.5) ? Math.max(0, length - 8 + random.below(16)) : random.below(0x10000)
}

function put16(bytes: number[], at: number, value: number): void {
  if (bytes.length < at + 2) return
  bytes[at] = (value >> 8) & 0xff
  bytes[at + 1] = value & 0xff
}

/** Options for a header, `4 * words` bytes: kinds that mean something, and lengths that fit, mostly. */
export function inventOptions(words: number, random: Random): Uint8Array {
  const bytes: number[] = []
  const sizes: Readonly<Record<number, number>> = { 2: 4, 3: 3, 4: 2, 8: 10 }
  while (bytes.length < words * 4) {
    const kind = random.chance(0.8) ? random.pick([1, 1, 2, 3, 4, 5, 7, 8, 68, 131, 137, 148]) : random.below(256)
    const size = random.chance(0.9) ? (sizes[kind] ?? 2 + random.below(8)) : random.below(12)
    bytes.push(...(kind <= 1 ? [kind] : [kind, size, ...random.bytes(Math.max(0, size - 2))]))
  }
  return Uint8Array.from(bytes.slice(0, words * 4))
}

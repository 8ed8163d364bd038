/**
 * Broken copies of a file, the same ones for the same seed: bytes overwritten by random, edge or neighbouring values,
 * ranges zeroed, copied or cut off.
 */
export function* mutants(original: Uint8Array, count: number, seed: number): Generator<Uint8Array> {
  const random = randomNumbers(seed)
  for (let i = 0; i < count; i++) {
    const mutant = Uint8Array.from(original)
    for (let changes = random(8) + 1; changes > 0; changes--) change(mutant, random)
    yield random(10) === 0 ? mutant.slice(0, random(mutant.length)) : mutant
  }
}

type Random = (below: number) => number

const edges = [0, 1, 0x7f, 0x80, 0xff]

function change(bytes: Uint8Array, random: Random): void {
  // The header and the section table at the end are small and decide most: half of all changes go there.
  const places = [random(64), bytes.length - 1 - random(1600), random(bytes.length), random(bytes.length)]
  const at = Math.min(Math.max(places[random(4)] ?? 0, 0), bytes.length - 1)
  const length = random(12) + 1
  switch (random(5)) {
    case 0:
      bytes[at] = random(256)
      break
    case 1:
      bytes[at] = edges[random(edges.length)] ?? 0
      break
    case 2:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
      break
    case 3:
      bytes.fill(random(2) * 0xff, at, Math.min(at + length, bytes.length))
      break
    default:
      bytes.copyWithin(at, random(bytes.length), random(bytes.length))
  }
}

/** xorshift: whole numbers from 0 to `below` - 1. */
function randomNumbers(seed: number): Random {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

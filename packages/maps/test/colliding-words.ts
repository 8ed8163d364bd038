/**
 * Keys of 4 bytes that the kernel puts into one bucket of a hash table made with BPF_F_ZERO_SEED.
 *
 * The kernel hashes a key of one word by Bob Jenkins' lookup3 (2006), from 0xdeadbeef plus the key's length.
 */
export function collidingWords(buckets: number, count: number): number[] {
  const words: number[] = []
  for (let word = 0; words.length < count; word++) if ((hashOfWord(word) & (buckets - 1)) === 0) words.push(word)
  return words
}

function hashOfWord(word: number): number {
  const start = (0xdeadbeef + 4) | 0
  const abc: [number, number, number] = [(start + word) | 0, start, start]
  // lookup3's last mixing: each word in turn takes in another, rotated.
  const steps = [
    [2, 1, 14],
    [0, 2, 11],
    [1, 0, 25],
    [2, 1, 16],
    [0, 2, 4],
    [1, 0, 14],
    [2, 1, 24],
  ] as const
  for (const [into, from, bits] of steps) abc[into] = ((abc[into] ^ abc[from]) - rotateLeft(abc[from], bits)) | 0
  return abc[2]
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** The Internet checksum of RFC 1071, by its text: sums 16-bit words, folds once at the end, complements. */
export function checksumOf(bytes: Uint8Array): number {
  let sum = 0
  for (const [index, byte] of bytes.entries()) sum += index % 2 === 0 ? byte * 256 : byte
  return 0xffff - foldSum(sum)
}

/** 0xffff stays 0xffff: only a sum over zeroes is 0. */
function foldSum(sum: number): number {
  return sum === 0 ? 0 : ((sum - 1) % 0xffff) + 1
}

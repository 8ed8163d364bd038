import { ArgumentError, type Codec } from '@millrace/core'

/** A ring buffer has neither keys nor values to the kernel. */
export const nothing: Codec<undefined> = { size: 0, alignment: 1, layout: [], encode() {}, decode: () => undefined }

/** The least page of all architectures. */
const LEAST_SIZE = 4096

/** The kernel says EINVAL, which could mean anything. */
export function checkRingSize(bytes: number): void {
  if (Number.isInteger(bytes) && bytes >= LEAST_SIZE && Number.isInteger(Math.log2(bytes))) return
  const expected = `a number of bytes that is a power of two, and a multiple of the page size (${LEAST_SIZE} or more)`
  throw new ArgumentError({ argument: 'options.maxEntries', value: bytes, expected })
}

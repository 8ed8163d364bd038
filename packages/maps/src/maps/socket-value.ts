import { ArgumentError, type Codec } from '@millrace/core'

/** What the C declares of the values of a map of sockets. */
export interface SocketSpec {
  /** 8 bytes, as of `__u64`, with which the map can be read from user space; or 4 */
  readonly value: Codec<unknown>
}

/** The kernel knows two sizes: a descriptor goes in by 4 bytes or 8, a cookie comes out by 8. */
export function checkSocketValue({ value }: SocketSpec): Codec<unknown> {
  if (value.size === 4 || value.size === 8) return value
  const expected = 'a type of 8 bytes (__u64), or of 4, for which sockets cannot be read back'
  throw new ArgumentError({ argument: 'spec.value', value: `a type of ${value.size} bytes`, expected })
}

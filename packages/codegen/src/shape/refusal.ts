import type { Resolved } from '../btf/btf.js'
import { type CodegenError, ObjectFormatError, UnsupportedError } from '../errors.js'
import type { Place } from './place.js'

/** Why a type has no TypeScript form, and what to declare instead. */
export function refusalOf({ type }: Resolved, { subject, alternative }: Place): CodegenError {
  switch (type.kind) {
    case 'pointer':
      return new UnsupportedError({
        subject,
        problem: 'is a pointer',
        instead: sentences('Hold the value itself, or a __u64: the address means nothing to user space.', alternative),
      })
    case 'int':
    case 'float':
      return new UnsupportedError({
        subject,
        problem: `is of type ${type.name}, of ${type.size} bytes`,
        instead: sentences(
          'Use an integer of 1, 2, 4, 8 or 16 bytes, a float, a double, or bytes (__u8[]).',
          alternative,
        ),
      })
    case 'forward':
      return new UnsupportedError({
        subject,
        problem: `is of type ${type.name}, which is declared and never defined`,
        instead: sentences('Include the header that defines it.', alternative),
      })
    default:
      return new ObjectFormatError(
        `section .BTF is broken: ${subject} is of a type that no value can have (${type.kind})`,
      )
  }
}

/** Why an array without a length has none either. */
export function unboundedRefusal({ subject, alternative }: Place): UnsupportedError {
  return new UnsupportedError({
    subject,
    problem: 'is an array without a length',
    instead: sentences('Give it the greatest length that it may have: codecs are of fixed size.', alternative),
  })
}

function sentences(first: string, second: string | undefined): string {
  return second === undefined ? first : `${first} ${second}`
}

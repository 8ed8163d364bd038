import { ArgumentError, type Codec } from '@millrace/core'

/** The compiler has checked it, for those who use it. */
export function checkCodec(argument: string, codec: unknown): void {
  const { size, alignment, layout, encode, decode } = (codec ?? {}) as Partial<Codec<unknown>>
  const isDescribed = typeof size === 'number' && typeof alignment === 'number' && Array.isArray(layout)
  if (isDescribed && typeof encode === 'function' && typeof decode === 'function') return
  throw new ArgumentError({ argument, value: codec, expected: 'a codec such as u32 or struct({ ... })' })
}

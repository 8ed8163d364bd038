import type { MergeMethod } from './merge.js'

/** Makes one value of those that lie `stride` bytes apart, from `offset` on. */
export type MergeValues<V> = (view: DataView, offset: number) => V

/** Where the values are: how many, and how far apart. */
export interface Values {
  readonly count: number
  /** bytes */
  readonly stride: number
}

/**
 * Of 64 bits, by their halves: nothing is made but the result, where adding `bigint`s would make one for each CPU. Sums wrap, as in C.
 */
export function mergeWords(method: Exclude<MergeMethod, 'any'>, signed: boolean, values: Values): MergeValues<bigint> {
  const { count, stride } = values
  const read = (view: DataView, at: number) => (signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
  if (method === 'sum') {
    const sum = new DataView(new ArrayBuffer(8))
    return (view, offset) => {
      let low = 0
      let high = 0
      for (let i = 0, at = offset; i < count; i++, at += stride) {
        low += view.getUint32(at, true)
        high += view.getUint32(at + 4, true)
      }
      sum.setUint32(0, low, true)
      sum.setUint32(4, high + Math.floor(low / 2 ** 32), true)
      return read(sum, 0)
    }
  }
  const upper = (view: DataView, at: number) => (signed ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true))
  const least = method === 'min'
  return (view, offset) => {
    let best = offset
    for (let i = 1, at = offset + stride; i < count; i++, at += stride) {
      const difference = upper(view, at) - upper(view, best) || view.getUint32(at, true) - view.getUint32(best, true)
      if (least ? difference < 0 : difference > 0) best = at
    }
    return read(view, best)
  }
}

/** Of numbers: sums are exact up to 2 ** 53. Also of the `bigint`s of other codecs, which have the same operators. */
export function mergeNumbers(
  method: Exclude<MergeMethod, 'any'>,
  read: MergeValues<number>,
  { count, stride }: Values,
): MergeValues<number> {
  const join = joins[method]
  return (view, offset) => {
    let merged = read(view, offset)
    for (let i = 1, at = offset + stride; i < count; i++, at += stride) merged = join(merged, read(view, at))
    return merged
  }
}

const joins: Record<Exclude<MergeMethod, 'any'>, (left: number, right: number) => number> = {
  sum: (left, right) => left + right,
  // Not Math.max, which takes no bigints.
  max(left, right) {
    if (right > left) return right
    return left
  },
  min(left, right) {
    if (right < left) return right
    return left
  },
}

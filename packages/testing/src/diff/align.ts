/** A pair of which one may be missing. */
export type Aligned<T> = readonly [actual: T | undefined, expected: T | undefined]

/**
 * Lays two short lists side by side so that as many as possible of what is `same` stand together (longest common
 * subsequence): a header that was pushed shows as one more, not as everything after it having changed.
 */
export function align<T>(actual: readonly T[], expected: readonly T[], same: (a: T, b: T) => boolean): Aligned<T>[] {
  const memo = new Map<string, Aligned<T>[]>()
  const from = (a: number, b: number): Aligned<T>[] => {
    const key = `${a},${b}`
    const known = memo.get(key)
    if (known !== undefined) return known
    const found = choose(a, b)
    memo.set(key, found)
    return found
  }
  const choose = (a: number, b: number): Aligned<T>[] => {
    const [one, other] = [actual[a], expected[b]]
    if (one === undefined && other === undefined) return []
    if (one === undefined) return [[undefined, other], ...from(a, b + 1)]
    if (other === undefined) return [[one, undefined], ...from(a + 1, b)]
    if (same(one, other)) return [[one, other], ...from(a + 1, b + 1)]
    const without = [[one, undefined] as const, ...from(a + 1, b)]
    const lacking = [[undefined, other] as const, ...from(a, b + 1)]
    return without.length <= lacking.length ? without : lacking
  }
  return from(0, 0)
}

/** The middle one of several numbers; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Turns totals, seen now and then, into a rate per second over the last half second. */
export class Rate {
  readonly #seen: { readonly at: number; readonly total: number }[] = []

  /** `at` in seconds. */
  next(at: number, total: number): number {
    this.#seen.push({ at, total })
    while (this.#seen.length > 2 && at - (this.#seen[1]?.at ?? at) >= 0.5) this.#seen.shift()
    const first = this.#seen[0]
    return first === undefined || at === first.at ? 0 : (total - first.total) / (at - first.at)
  }
}

/** How many of the numbers from `from` up to, not including, `to` lie in runs of first and last ones. */
export function countWithin(
  runs: readonly (readonly [first: number, last: number])[],
  from: number,
  to: number,
): number {
  return runs.reduce((sum, [first, last]) => sum + Math.max(0, Math.min(last + 1, to) - Math.max(first, from)), 0)
}

/** How many of the numbers from `from` up to, not including, `to` lie in runs of first and last ones. */
export function countWithin(
  runs: readonly (readonly [first: number, last: number])[],
  from: number,
  to: number,
): number {
  return runs.reduce((sum, [first, last]) => sum + Math.max(0, Math.min(last + 1, to) - Math.max(first, from)), 0)
}

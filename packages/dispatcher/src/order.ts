/** What decides over the place of a program. */
export interface Ranked {
  readonly priority: number
  /** of its C function */
  readonly name: string
  /** hash over its instructions, 16 hexadecimal digits */
  readonly tag: string
  /** nanoseconds since the machine has started */
  readonly loadTime: bigint
}

/**
 * The order in which programs run: by priority, least first; of equal priority by name; of one name by tag; of one tag the one
 * that was loaded first. It is libxdp's order of loaded programs, so that the set looks the same whoever has built it last.
 */
export function inOrder<T extends Ranked>(programs: readonly T[]): T[] {
  return programs.toSorted(
    (a, b) =>
      compare(a.priority, b.priority) ||
      compare(a.name, b.name) ||
      compare(a.tag, b.tag) ||
      compare(a.loadTime, b.loadTime),
  )
}

function compare<V extends number | string | bigint>(a: V, b: V): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

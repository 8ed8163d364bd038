/** Unchanged lines that are shown around a change. */
const context = 2

/** Beyond this many pairs of lines, all that lies between the first and the last change counts as changed. */
const maxPairs = 4_000_000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The lines that differ, with `-` for what the file has and `+` for what it should have; empty when nothing differs. */
export function diff(before: string, after: string): string {
  const lines = compare(before.split('\n'), after.split('\n'))
  const near = (index: number) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' ')
  const printed: string[] = []
  let newLine = 0
  let isOpen = false
  for (const [index, { sign, text }] of lines.entries()) {
    if (sign !== '-') newLine++
    const isNear = near(index)
    if (isNear && !isOpen) printed.push(`@@ line ${newLine + (sign === '-' ? 1 : 0)} @@`)
    if (isNear) printed.push(`${sign} ${text}`)
    isOpen = isNear
  }
  return printed.join('\n')
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++
  return [
    ...before.slice(0, start).map(unchanged),
    ...changes(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(unchanged),
  ]
}

function unchanged(text: string): Line {
  return { sign: ' ', text }
}

/** By the longest common subsequence: `common[i][j]` is how many lines the rests from i and from j have in common. */
function changes(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1
  const isFeasible = before.length * after.length <= maxPairs
  const common = new Uint32Array(isFeasible ? (before.length + 1) * width : 0)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  if (isFeasible) {
    for (let i = before.length - 1; i >= 0; i--) {
      for (let j = after.length - 1; j >= 0; j--) {
        common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
      }
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]]
    if (old !== undefined && old === now && isFeasible) {
      lines.push(unchanged(old))
      i++
      j++
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old })
      i++
    } else {
      lines.push({ sign: '+', text: now ?? '' })
      j++
    }
  }
  return lines
}

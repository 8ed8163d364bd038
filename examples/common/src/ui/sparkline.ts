/** Without the full block, so that charts in neighbouring rows do not touch. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇']

/** The last `columns` values as bars between zero and `top` (their greatest, when not given); blanks where there is none yet. */
export function sparkline(values: readonly number[], columns: number, top = Math.max(0, ...values)): string {
  const shown = values.slice(-columns)
  const bars = shown.map((value) => {
    const level = top > 0 ? Math.round((value / top) * (BARS.length - 1)) : 0
    return BARS[Math.min(Math.max(level, 0), BARS.length - 1)]
  })
  return bars.join('').padEnd(columns)
}

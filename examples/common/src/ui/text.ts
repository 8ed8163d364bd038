/** What a piece of text means; each painter (terminal, SVG) has its own colour for it. */
export type Tone = 'plain' | 'dim' | 'strong' | 'title' | 'good' | 'bad' | 'busy'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line of the screen. Every character is one column wide. */
export type Line = readonly Span[]

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

export function width(line: Line): number {
  return line.reduce((columns, { text }) => columns + text.length, 0)
}

/** Pads with blanks, or cuts, to exactly `columns`. */
export function fit(line: Line, columns: number): Line {
  const fitted: Span[] = []
  let left = columns
  for (const { text, tone } of line) {
    if (left === 0) break
    const cut = text.slice(0, left)
    fitted.push({ text: cut, tone })
    left -= cut.length
  }
  return left > 0 ? [...fitted, span(' '.repeat(left))] : fitted
}

/** `left` at the start and `right` at the end of a line of `columns`. */
export function justify(left: Line, right: Line, columns: number): Line {
  return [...fit(left, Math.max(0, columns - width(right))), ...right]
}

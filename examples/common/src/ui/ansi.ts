import type { Line, Tone } from './text.js'

const CODES: Record<Tone, string> = {
  plain: '',
  dim: '90',
  strong: '1',
  title: '1;36',
  good: '32',
  bad: '31',
  busy: '33',
}

/** A line for the terminal; without colour, its text alone (https://no-color.org). */
export function ansi(line: Line, colour: boolean): string {
  return line
    .map(({ text, tone }) => (colour && CODES[tone] !== '' ? `\x1b[${CODES[tone]}m${text}\x1b[0m` : text))
    .join('')
}

import type { Line, Tone } from './text.js'
import { width } from './text.js'

const CELL_WIDTH = 8.4
const CELL_HEIGHT = 18
const MARGIN = 20
const TITLE_BAR = 34

const COLOURS: Record<Tone, string> = {
  plain: '#c9d1d9',
  dim: '#6e7681',
  strong: '#f0f6fc',
  title: '#56d4dd',
  good: '#3fb950',
  bad: '#ff7b72',
  busy: '#e3b341',
}

/** A terminal window with these lines in it, as an SVG document: the README's picture is a real frame of a real run. */
export function svg(lines: readonly Line[], title: string): string {
  const columns = Math.max(...lines.map(width))
  const canvas = {
    width: Math.ceil(columns * CELL_WIDTH + 2 * MARGIN),
    height: TITLE_BAR + lines.length * CELL_HEIGHT + MARGIN,
  }
  const rows = lines
    .map((line, row) => textLine(line, TITLE_BAR + (row + 1) * CELL_HEIGHT - 4))
    .filter((row) => row !== '')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${canvas.width}" height="${canvas.height}" viewBox="0 0 ${canvas.width} ${canvas.height}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g>
${['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => `<circle cx="${MARGIN + index * 20}" cy="18" r="6" fill="${fill}"/>`).join('\n')}
</g>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
<text x="50%" y="22" text-anchor="middle" fill="#6e7681">${escapeXml(title)}</text>
${rows.join('\n')}
</g>
</svg>
`
}

/** Each span is set to its exact width, so that columns align whatever font the viewer has. */
function textLine(line: Line, y: number): string {
  let column = 0
  let spans = ''
  for (const { text, tone } of line) {
    const start = column + text.length - text.trimStart().length
    const shown = text.trim()
    if (shown !== '') {
      const x = (MARGIN + start * CELL_WIDTH).toFixed(1)
      const length = (shown.length * CELL_WIDTH).toFixed(1)
      const weight = tone === 'strong' || tone === 'title' ? ' font-weight="bold"' : ''
      spans += `<tspan x="${x}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${COLOURS[tone]}"${weight}>${escapeXml(shown)}</tspan>`
    }
    column += text.length
  }
  return spans === '' ? '' : `<text y="${y}">${spans}</text>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

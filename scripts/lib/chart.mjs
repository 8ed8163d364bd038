// Rows of a benchmark as a picture: a group of bars for each row, the longest of which fills the width.
const WIDTH = 920
const LABELS = 270
const FIGURES = 90
const BAR = 11
const GAP = 12
const TOP = 58
const colours = ['#2f81f7', '#8b949e', '#57ab5a', '#c69026', '#b083f0', '#e0823d']

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const figure = (number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(2))

/**
 * @param {string} title
 * @param {{ name: string, unit: string, millrace: number, peers: Record<string, number> }[]} rows
 * @returns {string} an SVG file
 */
export function chart(title, rows) {
  const names = ['millrace', ...new Set(rows.flatMap((row) => Object.keys(row.peers)))]
  const colourOf = (name) => colours[names.indexOf(name) % colours.length]
  const parts = [text(16, 24, title, 'title'), ...legend(names, colourOf)]
  let y = TOP
  for (const row of rows) {
    const bars = names.flatMap((name) => {
      const number = name === 'millrace' ? row.millrace : row.peers[name]
      return number === undefined ? [] : [{ name, number }]
    })
    const height = bars.length * BAR
    const longest = Math.max(...bars.map(({ number }) => number))
    parts.push(text(LABELS - 12, y + height / 2 + 4, row.name, 'label'))
    for (const { name, number } of bars) {
      const length = Math.max((number / longest) * (WIDTH - LABELS - FIGURES), 1)
      parts.push(
        `<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 2}" fill="${colourOf(name)}"/>`,
      )
      const kind = name === 'millrace' ? 'figure own' : 'figure'
      parts.push(text(LABELS + length + 5, y + BAR - 3, `${figure(number)} ${row.unit}`, kind))
      y += BAR
    }
    y += GAP
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>${escaped(title)}</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-size: 14px; font-weight: 600; fill: #24292f }
.label { text-anchor: end }
.figure { font-size: 10px }
.own { font-weight: 700 }
@media (prefers-color-scheme: dark) { text { fill: #9da7b3 } .title { fill: #e6edf3 } }
</style>
${parts.join('\n')}
</svg>
`
}

function legend(names, colourOf) {
  let x = 16
  return names.flatMap((name) => {
    const parts = [
      `<rect x="${x}" y="36" width="10" height="10" fill="${colourOf(name)}"/>`,
      text(x + 15, 45, name, name === 'millrace' ? 'own' : ''),
    ]
    x += 36 + name.length * 7
    return parts
  })
}

function text(x, y, words, kind) {
  return `<text x="${x.toFixed(1)}" y="${y}" class="${kind}">${escaped(words)}</text>`
}

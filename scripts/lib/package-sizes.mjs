import { run } from './run.mjs'

/** In kilobytes of 1,000 bytes. Most of what maps takes when it is installed is documentation in its types. */
const bounds = {
  '@millrace/core': { installed: 3000 },
  '@millrace/maps': { packed: 200, installed: 450 },
  '@millrace/xdp': { packed: 200, installed: 200 },
}

const kilobytes = (bytes) => Math.ceil(bytes / 1000)

/** What each tarball takes as it is, and installed: core with the addon of one platform, the largest. */
export async function installedSizes(packed) {
  const rows = []
  for (const { name, file, packed: bytes } of packed) {
    const { stdout } = await run('tar', ['-tvzf', file])
    const files = stdout.matchAll(/^-\S+ +\S+ +(\d+) +\S+ +\S+ +package\/(.*)$/gm)
    const sizes = [...files].map(([, size, path]) => ({ path, size: Number(size) }))
    const addons = sizes.filter(({ path }) => path.startsWith('prebuilds/')).map(({ size }) => size)
    const total = sizes.reduce((sum, { size }) => sum + size, 0)
    const others = addons.reduce((sum, size) => sum + size, 0) - Math.max(0, ...addons)
    rows.push({ name, packed: kilobytes(bytes), installed: kilobytes(total - others), everything: kilobytes(total) })
  }
  return rows
}

/** A line for each bound that is not kept. */
export function tooLarge(rows) {
  return rows.flatMap((row) =>
    Object.entries(bounds[row.name] ?? {})
      .filter(([what, bound]) => row[what] > bound)
      .map(([what, bound]) => `${row.name} is ${row[what]} kB ${what}, and may be ${bound} kB`),
  )
}

export function sizeTable(rows) {
  const lines = [
    ['package', 'packed', 'installed', 'for all platforms'],
    ...rows.map(({ name, packed, installed, everything }) => [
      name,
      ...[packed, installed, everything].map((size) => `${size} kB`),
    ]),
  ]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) => line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))))
    .map((line) => line.join('  '))
    .join('\n')
}

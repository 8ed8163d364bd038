// The table of features by kernel, for a terminal and as Markdown.

/** Rows `{ area, name, cells }` in the order of the features; a kernel that did not come to a feature has `-`. */
export function rowsOf(runs) {
  const rows = new Map()
  for (const { kernel, features } of runs) {
    for (const { area, name, cell } of features) {
      const key = `${area}\n${name}`
      if (!rows.has(key)) rows.set(key, { area, name, cells: new Map() })
      rows.get(key).cells.set(kernel, cell)
    }
  }
  return [...rows.values()]
}

export function textTable(runs) {
  const kernels = runs.map(({ kernel }) => kernel)
  const rows = rowsOf(runs).map(({ area, name, cells }) => [area, name, ...kernels.map((it) => cells.get(it) ?? '-')])
  const lines = [['', '', ...kernels], ...rows]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** docs/kernels.md */
export function markdown(runs) {
  const kernels = runs.map(({ kernel }) => kernel)
  const cell = (text) => text ?? ''
  return `${[
    '# Kernels',
    '',
    'Written by `npm run test:kernels -- --docs`; do not edit.',
    '',
    'Each feature is a small program over the public API, run from the packed tarballs in an emulated machine with a kernel of Debian. *yes*: it',
    'works. *needs 6.6*: the library said so, in an `UnsupportedKernelError`, and the kernel is older. A feature that fails in another way, that a',
    'kernel has and the library denies, or the reverse, fails the command.',
    '',
    '| Column | Kernel | Processor | Date | Took |',
    '| --- | --- | --- | --- | --- |',
    ...runs.map(
      ({ kernel, release, arch, date, seconds }) => `| ${kernel} | ${release} | ${arch} | ${date} | ${seconds} s |`,
    ),
    '',
    ...sections(rowsOf(runs), (rows) => [
      `| Feature | ${kernels.join(' | ')} |`,
      `| --- |${kernels.map(() => ' --- |').join('')}`,
      ...rows.map(({ name, cells }) => `| ${name} | ${kernels.map((it) => cell(cells.get(it))).join(' | ')} |`),
    ]),
  ].join('\n')}`
}

function sections(rows, table) {
  const areas = [...new Set(rows.map(({ area }) => area))]
  return areas.flatMap((area) => [`## ${area}`, '', ...table(rows.filter((it) => it.area === area)), ''])
}

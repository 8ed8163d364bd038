// Samples of several contenders as rows of a table.

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** What contenders gave, by contender and row. */
export class Samples {
  #byContender

  /** @param {string[]} contenders */
  constructor(contenders) {
    this.#byContender = Object.fromEntries(contenders.map((name) => [name, {}]))
  }

  add(contender, row, figure) {
    const rows = this.#byContender[contender]
    rows[row] ??= []
    rows[row].push(figure)
  }

  tabulate(rows, unit) {
    return tabulate(rows, unit, this.#byContender)
  }
}

/**
 * @param {string[]} rows
 * @param {string} unit
 * @param {Record<string, Record<string, number[]>>} samples by contender and row; `millrace` is ours
 * @returns {{ name: string, unit: string, millrace: number, peers: Record<string, number>, spread: Record<string, [number, number]> }[]}
 *   medians, and the least and the greatest figure by contender
 */
function tabulate(rows, unit, samples) {
  const of = (figure, row) =>
    Object.fromEntries(
      Object.entries(samples)
        .filter(([, byRow]) => byRow[row]?.length > 0)
        .map(([name, byRow]) => [name, figure(byRow[row])]),
    )
  return rows.map((row) => {
    const { millrace, ...peers } = of(median, row)
    return {
      name: row,
      unit,
      millrace,
      peers,
      spread: of((numbers) => [Math.min(...numbers), Math.max(...numbers)], row),
    }
  })
}

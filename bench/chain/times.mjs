// Times by the clock on the wall, for what waits for the kernel.
const times = new Map()

/** Times a call as one of a row's; a round below 0 is one to warm up. */
export function timed(round, row, call) {
  const start = performance.now()
  const result = call()
  const us = (performance.now() - start) * 1000
  if (round >= 0) times.set(row, [...(times.get(row) ?? []), us])
  return result
}

/** Prints {"row": microseconds}, medians. */
export function report() {
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
  console.log(JSON.stringify(Object.fromEntries([...times].map(([row, numbers]) => [row, median(numbers)]))))
}

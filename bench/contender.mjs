// What a contender in JavaScript is made of; contender.h is the same in C.
import { createInterface } from 'node:readline'

/** CPU time of the process in microseconds, garbage collection and compiler threads included. */
export function cpuUs() {
  const { user, system } = process.cpuUsage()
  return user + system
}

/**
 * Answers the name of a row, a line of standard input, with the figure of one batch: until there are no more.
 *
 * @param {Record<string, () => number>} rows each warms itself up when it is first called
 */
export async function serve(rows) {
  for await (const row of createInterface({ input: process.stdin })) console.log(rows[row]?.() ?? '')
}

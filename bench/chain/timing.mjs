// How long programs take, by test runs; bench/peers/c/chain.c does the same.
const batches = 9
const batchNs = 500_000
const data = new Uint8Array(64)

/** Nanoseconds a run, by the kernel's own clock: whole ones. */
const run = (program, repeat) => program.testRun({ data, repeat, dataOutSize: 0 }).durationNs

/** The mean of the quickest third of some short batches, which nobody has interrupted: finer than a nanosecond. */
export function quickest(program) {
  const repeat = Math.trunc(batchNs / (run(program, 1000) + 1))
  const times = Array.from({ length: batches }, () => run(program, repeat))
  const third = times.sort((a, b) => a - b).slice(0, batches / 3)
  return third.reduce((sum, time) => sum + time, 0) / third.length
}

// How long programs take, by test runs; bench/peers/c/chain.c does the same.
const batches = 5
const batchNs = 500_000
const data = new Uint8Array(64)

/** Nanoseconds a run, by the kernel's own clock: whole ones. */
const run = (program, repeat) => program.testRun({ data, repeat, dataOutSize: 0 }).durationNs

/** The quickest of some short batches: one that nobody has interrupted. */
export function quickest(program) {
  const repeat = Math.trunc(batchNs / (run(program, 1000) + 1))
  return Math.min(...Array.from({ length: batches }, () => run(program, repeat)))
}

// A setup file of vitest for npm run test:nodes: a test file that runs on another Node than it is counted for fails.
const expected = process.env.MILLRACE_EXPECTED_NODE
if (process.versions.node !== expected) {
  throw new Error(`this test file runs on Node ${process.versions.node}, and was to run on ${expected}`)
}

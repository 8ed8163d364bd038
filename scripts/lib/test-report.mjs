/** Counts in vitest's JSON report. A file that could not even be read counts as a failed test. */
export function countTests(report, exitCode) {
  const unread = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = report.numFailedTests + unread.length
  // An error outside of any test, such as a leak found at the end, fails the run without failing a test.
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed }
}

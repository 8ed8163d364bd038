import { expect, test } from 'vitest'
import { countTests } from './test-report.mjs'

const file = (...statuses) => ({
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
})
const report = (...files) => {
  const of = (status) => files.flatMap((file) => file.assertionResults).filter((test) => test.status === status).length
  return { numPassedTests: of('passed'), numFailedTests: of('failed'), testResults: files }
}

test('passed and failed tests are counted over all files', () => {
  expect(countTests(report(file('passed', 'passed'), file('passed', 'failed')), 1)).toEqual({ passed: 3, failed: 1 })
})

test('a file that could not be read is a failure', () => {
  const unread = { status: 'failed', assertionResults: [] }
  expect(countTests(report(file('passed'), unread), 1)).toEqual({ passed: 1, failed: 1 })
})

test('a run that failed without a failing test is no success', () => {
  expect(countTests(report(file('passed')), 1)).toEqual({ passed: 1, failed: 1 })
  expect(countTests(report(file('passed')), 0)).toEqual({ passed: 1, failed: 0 })
})

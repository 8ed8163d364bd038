import { describe, expect, it } from 'vitest'
import { nodesTable, readArguments } from './nodes-report.mjs'

describe('the arguments of test:nodes', () => {
  it('are all versions when none is named', () => {
    expect(readArguments([])).toEqual({
      majors: ['20', '22', '24', '26'],
      json: false,
      update: false,
      help: false,
      vitestArguments: [],
    })
  })

  it('are versions, switches, and after two dashes what vitest gets', () => {
    expect(readArguments(['24', '22', '24', '--json', '--', 'packages/maps', '--retry', '1'])).toMatchObject({
      majors: ['24', '22'],
      json: true,
      vitestArguments: ['packages/maps', '--retry', '1'],
    })
  })

  it.each([['18'], ['--jsno'], ['packages/maps']])('%s is refused', (argument) => {
    expect(() => readArguments([argument])).toThrow(`${argument} is none of 20, 22, 24, 26, --json, --update, --help`)
  })
})

it('a version is a line of the table', () => {
  const table = nodesTable([{ version: '24.1.0', passed: 1200, failed: 3, seconds: 210 }])
  expect(table.split('\n')).toEqual(['Node    passed  failed  seconds', '24.1.0    1200       3      210'])
})

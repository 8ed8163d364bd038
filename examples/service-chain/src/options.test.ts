import { describe, expect, it } from 'vitest'
import { readOptions } from './options.js'

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([])).toMatchObject({ hook: 'xdp', seconds: 16, script: false, json: false, plain: false })
  })

  it.each([
    [['--hook', 'tcx'], "--hook is 'tcx', expected one of xdp, tc, clsact"],
    [['--seconds', 'soon'], "--seconds is 'soon', expected a number from 6 to 600"],
    [['--changes', '1.5'], "--changes is '1.5', expected a whole number from 0 to 100000"],
    [['--changes', ''], "--changes is '', expected a whole number from 0 to 100000"],
    [['--seconds', '1'], "--seconds is '1', expected a number from 6 to 600"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(new RangeError(message))
  })

  it('knows its options', () => {
    expect(() => readOptions(['--hok', 'tc'])).toThrow(/--hok/)
  })
})

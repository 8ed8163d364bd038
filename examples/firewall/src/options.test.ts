import { describe, expect, it } from 'vitest'
import { readOptions } from './options.js'

describe('readOptions', () => {
  it('has defaults', () => {
    expect(readOptions([])).toEqual({ seconds: 13, json: false, plain: false, record: '', help: false })
  })

  it('reads all of them', () => {
    expect(readOptions(['--seconds', '5', '--json', '--plain', '--record', 'a.svg', '--help'])).toEqual({
      seconds: 5,
      json: true,
      plain: true,
      record: 'a.svg',
      help: true,
    })
  })

  it.each(['3', '601', 'long', ''])('refuses %j seconds', (seconds) => {
    expect(() => readOptions(['--seconds', seconds])).toThrow(
      `--seconds is '${seconds}', expected a number from 4 to 600`,
    )
  })

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--sceonds', '5'])).toThrow(/--sceonds/)
    expect(() => readOptions(['fast'])).toThrow(/fast/)
  })
})

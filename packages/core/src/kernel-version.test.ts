import { describe, expect, it } from 'vitest'
import { isAtLeast } from './kernel-version.js'

describe('isAtLeast', () => {
  it.each([
    ['5.10', '5.10.0-33-cloud-amd64', true],
    ['5.10', '5.9.16', false],
    ['5.9', '5.10.1', true],
    ['6.6', '6.12.9+deb13-amd64', true],
    ['6.6', '6.1.0', false],
    ['6.1', '7.0.0-rc1', true],
    ['6.18', '6.18', true],
  ])('%s of %s is %s', (needed, running, expected) => {
    expect(isAtLeast(needed, running)).toBe(expected)
  })
})

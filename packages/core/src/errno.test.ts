import { describe, expect, it } from 'vitest'
import { errno, errnoName, errnoText } from './errno.js'

describe('errno', () => {
  it.each([
    [2, 'ENOENT', 'no such file or directory'],
    [-2, 'ENOENT', 'no such file or directory'],
    [7, 'E2BIG', 'argument list too long'],
    [95, 'EOPNOTSUPP', 'operation not supported'],
    [524, 'ENOTSUPP', 'operation is not supported by this kind of kernel object'],
    [116, 'ESTALE', 'stale handle'],
    [67, 'ENOLINK', 'link has been severed'],
    [4242, 'errno 4242', 'unknown error'],
  ])('%i is %s', (value, name, text) => {
    expect(errnoName(value)).toBe(name)
    expect(errnoText(value)).toBe(text)
  })

  it("has the kernel's own", () => {
    expect(errno.ENOTSUPP).toBe(524)
  })
})

import type { Codec } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { i32, i64, u16be, u32, u64, u64be, u64Number } from '../index.js'
import { mergeCodec } from './merge-codec.js'

/** Bytes from one CPU's value to the next's, and none at the beginning. */
const stride = 16
const before = 8

describe('two values become one', () => {
  const big = 2n ** 64n - 1n
  test.each([
    ['u64', u64, [5n, 7n], 12n, 7n, 5n],
    ['u64 with both halves', u64, [0x1_ffff_ffffn, 0x2_0000_0001n], 0x4_0000_0000n, 0x2_0000_0001n, 0x1_ffff_ffffn],
    [
      'u64 with equal upper halves',
      u64,
      [0x1_0000_0002n, 0x1_8000_0001n],
      0x2_8000_0003n,
      0x1_8000_0001n,
      0x1_0000_0002n,
    ],
    ['u64 beyond its end', u64, [big, 3n], 2n, big, 3n],
    ['i64', i64, [-5n, 3n], -2n, 3n, -5n],
    ['i64, both below zero', i64, [-1n, -(2n ** 40n)], -1n - 2n ** 40n, -1n, -(2n ** 40n)],
    ['u64be', u64be, [1n, 2n ** 40n], 2n ** 40n + 1n, 2n ** 40n, 1n],
    ['u32, whose sum is more than it holds', u32, [0xffff_ffff, 0xffff_ffff], 0x1_ffff_fffe, 0xffff_ffff, 0xffff_ffff],
    ['i32', i32, [-7, 4], -3, 4, -7],
    ['u16be', u16be, [256, 1], 257, 256, 1],
    ['u64Number', u64Number, [2 ** 40, 1], 2 ** 40 + 1, 2 ** 40, 1],
  ])('%s', (_, type, values, sum, max, min) => {
    const codec = type as Codec<unknown>
    const view = new DataView(new ArrayBuffer(before + values.length * stride))
    for (const [i, value] of values.entries()) codec.encode(value, view, before + i * stride)
    for (const [how, expected] of Object.entries({ sum, max, min, any: values[0] })) {
      const merge = mergeCodec(codec, how as 'any', { count: values.length, stride }, 'how')
      expect(merge(view, before)).toBe(expected)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { ChainFullError } from './errors/index.js'
import { checkTailCalls } from './tail-calls.js'

const stages = (...tailCalls: number[]) => tailCalls.map((it) => ({ tailCalls: it }))
const plain = (number: number) => stages(...new Array(number).fill(0))

describe('what a packet may take', () => {
  it('is 33 tail calls, the one to the end included', () => {
    checkTailCalls([])
    checkTailCalls(plain(33))
    expect(() => checkTailCalls(plain(34))).toThrow(ChainFullError)
  })

  it('includes those that stages make themselves', () => {
    checkTailCalls(stages(10, 21))
    expect(() => checkTailCalls(stages(10, 22))).toThrow(
      'a chain of 2 stages takes 34 tail calls, one each and the 32 that they make themselves; the kernel makes 33 for a packet',
    )
  })

  it('is told in numbers', () => {
    try {
      checkTailCalls(plain(40))
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_CHAIN_FULL', stages: 40, tailCalls: 40, limit: 33 })
    }
  })
})

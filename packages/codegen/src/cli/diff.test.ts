import { describe, expect, it } from 'vitest'
import { diff } from './diff.js'

describe('diff', () => {
  it('is empty for the same text', () => {
    expect(diff('a\nb\n', 'a\nb\n')).toBe('')
  })

  it('shows what changed with two lines around it', () => {
    const before = 'one\ntwo\nthree\nfour\nfive\nsix\nseven'
    const after = 'one\ntwo\nthree\n4\nfive\nsix\nseven'
    expect(diff(before, after)).toBe('@@ line 2 @@\n  two\n  three\n- four\n+ 4\n  five\n  six')
  })

  it('shows changes that are far from each other apart', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
    const before = lines.join('\n')
    const after = lines.with(3, 'three').toSpliced(15, 1).join('\n')
    expect(diff(before, after)).toBe(
      [
        ...['@@ line 2 @@', '  line 1', '  line 2', '- line 3', '+ three', '  line 4', '  line 5'],
        ...['@@ line 14 @@', '  line 13', '  line 14', '- line 15', '  line 16', '  line 17'],
      ].join('\n'),
    )
  })

  it('shows lines that were added or removed at either end', () => {
    expect(diff('b', 'a\nb')).toBe('@@ line 1 @@\n+ a\n  b')
    expect(diff('a\nb', 'a')).toBe('@@ line 1 @@\n  a\n- b')
    expect(diff('a\na', 'a')).toBe('@@ line 1 @@\n  a\n- a')
  })

  it('is quick for texts that have nothing in common', () => {
    const many = (letter: string) => Array.from({ length: 5_000 }, (_, index) => `${letter}${index}`).join('\n')
    expect(diff(many('a'), many('b')).split('\n')).toHaveLength(10_001)
  })
})

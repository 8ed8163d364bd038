import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readElf } from '../src/elf.js'
import { bpf2ts, CodegenError, NameError, ObjectFormatError } from '../src/index.js'
import { compileBpf, temporaryFolder } from './clang.js'
import { BtfBuilder, elf, kind } from './handmade.js'

const folder = temporaryFolder()
const seed = Number(process.env.MILLRACE_SEED ?? 20_261_120)
let object: Uint8Array

beforeAll(() => {
  const fixture = readFileSync(new URL('./c/everything.bpf.c', import.meta.url), 'utf8')
  object = compileBpf(folder, 'everything', fixture)
})

/** What bpf2ts makes of the bytes: a module or one of its own errors, and nothing else in any case. */
function outcomeOf(bytes: Uint8Array): string | CodegenError {
  try {
    return bpf2ts(bytes, { file: 'broken.bpf.o' })
  } catch (error) {
    if (error instanceof CodegenError) return error
    throw error
  }
}

describe('files that are cut short', () => {
  it('are refused at every length', () => {
    for (let length = 0; length < object.length; length++) {
      expect(outcomeOf(object.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ObjectFormatError)
    }
  })
})

describe(`mutants (MILLRACE_SEED=${seed})`, { timeout: 120_000 }, () => {
  it('of a whole file end in a module or a typed error', () => {
    fc.assert(
      fc.property(mutations(object.length, 16), (changes) => {
        outcomeOf(mutate(object, changes))
      }),
      { seed, numRuns: 2_500 },
    )
  })

  it('of its type information too', () => {
    const section = sectionOf(object, '.BTF')
    fc.assert(
      fc.property(mutations(section.length, 8), (changes) => {
        outcomeOf(
          mutate(
            object,
            changes.map(({ at, value }) => ({ at: at + section.offset, value })),
          ),
        )
      }),
      { seed, numRuns: 2_500 },
    )
  })

  it('random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => {
        expect(outcomeOf(bytes)).toBeInstanceOf(ObjectFormatError)
        const named = Buffer.concat([object.subarray(0, 64), bytes])
        expect(outcomeOf(named)).toBeInstanceOf(ObjectFormatError)
      }),
      { seed, numRuns: 1_000 },
    )
  })
})

describe('type information that contradicts itself', () => {
  const global = (btf: BtfBuilder, type: number): string => {
    const outcome = outcomeOf(withGlobal(btf, type))
    return outcome instanceof ObjectFormatError ? outcome.message : 'no ObjectFormatError'
  }

  it('a typedef of itself', () => {
    const btf = new BtfBuilder()
    expect(global(btf, btf.add(kind.typedef, 'round', 1))).toMatch(/type 1 stands for itself/)
  })

  it('a struct of itself', () => {
    const btf = new BtfBuilder()
    expect(global(btf, btf.struct('round', 8, [['inner', 1, 0]]))).toMatch(/contains itself/)
  })

  it('an anonymous struct of itself', () => {
    const btf = new BtfBuilder()
    expect(global(btf, btf.struct('round', 8, [['', 1, 0]]))).toMatch(/nests too deep/)
  })

  it('an array of itself', () => {
    const btf = new BtfBuilder()
    expect(global(btf, btf.array(1, 2))).toMatch(/more than 32 dimensions/)
  })

  it('a type that does not exist', () => {
    const btf = new BtfBuilder()
    expect(global(btf, 77)).toMatch(/type 77 is asked for/)
  })

  it('a member outside of its struct', () => {
    for (const offset of [8, 3]) {
      const btf = new BtfBuilder()
      const struct = btf.struct('small', 4, [['late', btf.int('int', 4), offset]])
      expect(global(btf, struct), `${offset}`).toMatch(/does not hold field late of struct small/)
    }
  })

  it('a variable of void', () => {
    expect(global(new BtfBuilder(), 0)).toMatch(/is of a type that no value can have/)
  })

  it('structs that double at every level', () => {
    const btf = new BtfBuilder()
    let type = btf.int('char', 1)
    for (let level = 0; level < 31; level++)
      type = btf.struct(`s${level}`, 2 ** level, [
        ['a', type, 0],
        ['b', type, 0],
      ])
    expect(global(btf, type)).toMatch(/too large/)
  })

  it('anonymous structs that double at every level', () => {
    const btf = new BtfBuilder()
    let type = btf.struct('', 0, [])
    for (let level = 0; level < 31; level++)
      type = btf.struct('', 0, [
        ['', type, 0],
        ['', type, 0],
      ])
    expect(global(btf, type)).toMatch(/more than 20000 members/)
  })

  it('names that would break out of the module', () => {
    for (const name of ["x'", 'x\n', '*/ alert() /*', '`x`']) {
      const btf = new BtfBuilder()
      const int = btf.int('int', 4)
      expect(outcomeOf(withGlobal(btf, btf.struct(name, 4, [['inner', int, 0]]))), name).toBeInstanceOf(NameError)
      expect(outcomeOf(withGlobal(btf, btf.struct('outer', 4, [[name, int, 0]]))), name).toBeInstanceOf(NameError)
    }
  })

  it('names that would end a comment', () => {
    const btf = new BtfBuilder()
    const typedef = btf.add(kind.typedef, '*/ alert() /*', btf.int('int', 4))
    const module = outcomeOf(withGlobal(btf, btf.struct('outer', 4, [['inner', typedef, 0]])))
    expect(module).toContain(' *     *\\/ alert() /* inner;')
  })
})

/** An object with a global variable of a type. */
function withGlobal(btf: BtfBuilder, type: number): Uint8Array {
  btf.dataSection('.bss', [btf.variable('x', type)])
  return elf(
    [
      { name: '.bss', bytes: new Uint8Array(8) },
      { name: '.BTF', bytes: btf.build() },
    ],
    [{ name: 'x', section: '.bss' }],
  )
}

interface Change {
  readonly at: number
  readonly value: number
}

/** Bytes that are changed, most of them a little, as that goes deepest. */
function mutations(length: number, most: number): fc.Arbitrary<Change[]> {
  const value = fc.oneof(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 255 }))
  return fc.array(fc.record({ at: fc.nat(length - 1), value }), { minLength: 1, maxLength: most })
}

function mutate(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const result = Uint8Array.from(bytes)
  for (const { at, value } of changes) result[at] = value
  return result
}

/** Where a section lies in a file. */
function sectionOf(file: Uint8Array, name: string): { offset: number; length: number } {
  const section = readElf(file).sections.find((candidate) => candidate.name === name)
  if (section === undefined) throw new Error(`no section ${name}`)
  return { offset: section.bytes.byteOffset - file.byteOffset, length: section.bytes.length }
}

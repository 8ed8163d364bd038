import { describe, expect, it } from 'vitest'
import { bpf2ts } from '../src/index.js'
import { BtfBuilder, elf, kind } from './handmade.js'

/** A module for an object with one global variable. */
function moduleOf(btf: BtfBuilder, type: number): string {
  btf.dataSection('.bss', [btf.variable('x', type)])
  const sections = [{ name: '.bss' }, { name: '.BTF', bytes: btf.build() }]
  return bpf2ts(elf(sections, [{ name: 'x', section: '.bss' }]), { file: 'x.bpf.o' })
}

// Before kind_flag, the width of a bit-field was that of an integer type made for it (pahole writes such BTF still).
describe('bit-fields of the older form', () => {
  it('have their width in the type, and an offset in either', () => {
    const btf = new BtfBuilder()
    const low = btf.int('unsigned int', 4, { bits: 3 })
    const shifted = btf.int('int', 4, { bits: 5, shift: 3, signed: true })
    const wide = btf.int('unsigned long long', 8, { bits: 40 })
    const module = moduleOf(
      btf,
      btf.struct('flags', 16, [
        ['low', low, 0],
        ['shifted', shifted, 0],
        ['after', low, 8],
        ['wide', wide, 64],
      ]),
    )
    expect(module).toContain("['size 16', 'low u3 @0', 'shifted i5 @3', 'after u3 @8', 'wide u40 @64']")
    expect(module).toContain("putSignedBits(view, offset, 3, 5, value.shifted, 'shifted')")
    expect(module).toContain("putBits(view, offset + 1, 0, 3, value.after, 'after')")
    expect(module).toContain('wide: getBigBits(view, offset + 8, 0, 40)')
    expect(module).toContain('int shifted : 5;')
  })
})

describe('enums of the older form', () => {
  it('are unsigned, as without the flag that says otherwise', () => {
    const btf = new BtfBuilder()
    const words = [btf.string('MODE_A'), 0xffff_ffff]
    const module = moduleOf(btf, btf.add(kind.enum, 'mode', 4, words, 1))
    expect(module).toContain('export const Mode = { A: 4294967295 } as const')
  })

  it('of which no value is known are integers', () => {
    const btf = new BtfBuilder()
    expect(moduleOf(btf, btf.add(kind.enum, 'mode', 4))).toContain('codec: u32')
  })
})

describe('tags', () => {
  it('of types and declarations are passed over', () => {
    const btf = new BtfBuilder()
    const int = btf.int('int', 4, { signed: true })
    const tagged = btf.add(kind.typeTag, 'user', int)
    btf.add(kind.declTag, 'contains', int, [0])
    expect(moduleOf(btf, btf.add(kind.restrict, '', tagged))).toContain('codec: i32')
  })
})

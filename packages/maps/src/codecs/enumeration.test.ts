import { describe, expect, test } from 'vitest'
import { enumeration } from './enumeration.js'

const Verdict = { Pass: 0, Drop: 1 } as const
const room = new DataView(new ArrayBuffer(4))

describe('an enumeration', () => {
  test('is an integer of 4 bytes, signed when a value is negative, or of the size that is asked for', () => {
    expect(enumeration(Verdict)).toMatchObject({ size: 4, alignment: 4, layout: ['size 4', '* u32 @0'] })
    expect(enumeration({ Failed: -1, Done: 0 })).toMatchObject({ size: 4, layout: ['size 4', '* i32 @0'] })
    expect(enumeration(Verdict, { size: 1 })).toMatchObject({ size: 1, alignment: 1, layout: ['size 1', '* u8 @0'] })
    expect(enumeration({ A: -128 }, { size: 1 })).toMatchObject({ layout: ['size 1', '* i8 @0'] })
    expect(enumeration(Verdict, { size: 2 })).toMatchObject({ size: 2, alignment: 2, layout: ['size 2', '* u16 @0'] })
  })

  test('takes its values, and gives what it finds', () => {
    const codec = enumeration(Verdict)
    codec.encode(Verdict.Drop, room, 0)
    expect(codec.decode(room, 0)).toBe(1)
    expect(() => codec.encode(2 as 1, room, 0)).toThrow('one of 0 (Pass), 1 (Drop)')
    room.setUint32(0, 7, true)
    expect(codec.decode(room, 0)).toBe(7)
  })

  test('without values, or with one that does not fit, is refused', () => {
    expect(() => enumeration({})).toThrow('at least one value')
    expect(() => enumeration({ Large: 300 }, { size: 1 })).toThrow(
      expect.objectContaining({ argument: 'values.Large', value: 300 }),
    )
    expect(() => enumeration(Verdict, { size: 8 as 4 })).toThrow('one of 1, 2, 4')
    expect(() => enumeration(Verdict, { sise: 4 } as object)).toThrow('did you mean size?')
  })
})

import { load, Program } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { maps as object } from '../../test/generated/maps.bpf.js'
import { ProgramArray } from '../index.js'

const XDP_DROP = 1
const XDP_PASS = 2
const XDP_TX = 3

describe('a ProgramArray', () => {
  test('decides as which program another goes on', async () => {
    using loaded = await load(object)
    const { dispatch, drop, sendBack } = loaded.programs
    const { stages } = loaded.maps
    const verdict = () => dispatch.testRun({ data: new Uint8Array(64) }).returnValue

    expect(verdict()).toBe(XDP_PASS)
    expect(stages.set(0, drop)).toBe(stages)
    expect(verdict()).toBe(XDP_DROP)
    stages.set(0, sendBack)
    expect(verdict()).toBe(XDP_TX)
    expect(stages.get(0)).toBe(sendBack.id)
    expect(stages.delete(0)).toBe(true)
    expect(stages.delete(0)).toBe(false)
    expect(verdict()).toBe(XDP_PASS)
  })

  test('is a map of index to program id', async () => {
    using loaded = await load(object)
    const { drop, sendBack } = loaded.programs
    using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 4 })
    stages.set(3, drop).set(1, sendBack)
    expect([...stages]).toEqual([
      [1, sendBack.id],
      [3, drop.id],
    ])
    expect([...stages.keys()]).toEqual([1, 3])
    expect([...stages.values()]).toEqual([sendBack.id, drop.id])
    expect([stages.get(0), stages.has(0), stages.has(1)]).toEqual([undefined, false, true])
    stages.clear()
    expect([...stages]).toEqual([])
  })

  test('holds a program that was closed', async () => {
    using loaded = await load(object)
    using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 4 })
    const id = loaded.programs.drop.id
    stages.set(0, loaded.programs.drop)
    loaded.close()
    using again = Program.openById(stages.get(0) ?? 0)
    expect(again.id).toBe(id)
    expect(() => stages.set(1, loaded.programs.drop)).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSED', what: 'program', objectName: 'drop' }),
    )
  })

  test('refuses a program of another kind, before and by the kernel', async () => {
    using loaded = await load(object)
    const { classify, drop } = loaded.programs
    using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 4 })
    expect(() => stages.set(0, classify as never)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'program' }),
    )
    // Of an array from an object file the kind is not known, but to the kernel.
    loaded.maps.stages.set(0, drop)
    expect(() => loaded.maps.stages.set(1, classify)).toThrow(expect.objectContaining({ code: 'ERR_MAP_FLAGS' }))
  })

  test('refuses an index that it does not have', async () => {
    using loaded = await load(object)
    using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 4 })
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'stages' })
    expect(() => stages.set(4, loaded.programs.drop)).toThrow(outOfRange)
    expect(() => stages.get(4)).toThrow(outOfRange)
    expect(() => stages.delete(4)).toThrow(outOfRange)
    expect(() => stages.get(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
    stages.close()
    expect(() => stages.get(0)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

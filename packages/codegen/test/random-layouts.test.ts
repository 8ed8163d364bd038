import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Codec, CodecPlaces } from '@millrace/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bpf2ts } from '../src/index.js'
import { biomeFormat } from './biome.js'
import { compileBpf, compileHost, temporaryFolder } from './clang.js'
import { printRecord } from './layouts/c-header.js'
import { printProgram } from './layouts/c-program.js'
import { leafText } from './layouts/leaf-text.js'
import { leavesOf } from './layouts/leaves.js'
import type { RecordModel, TypeModel } from './layouts/model.js'
import { count, makeSamples, printHeader, printVariables, type Sample, seed } from './layouts/samples.js'
import { typeErrors } from './type-errors.js'

describe(`${count} random layouts (MILLRACE_SEED=${seed})`, { timeout: 120_000 }, () => {
  const folder = temporaryFolder()
  const samples = makeSamples()
  const header = printHeader(samples)
  const pieces: { codec: Codec<unknown>; sample: Sample; index: number }[] = []
  const file = path.join(folder, 'layouts.bpf.ts')
  let module: string
  let program: string

  beforeAll(async () => {
    module = bpf2ts(compileBpf(folder, 'layouts', header + printVariables(samples)), { file: 'layouts.bpf.o' })
    writeFileSync(file, module)
    const exports = await import(file)
    samples.forEach((sample, index) => {
      const { codec } = exports.layouts.variables[`layout${index}Value`]
      pieces.push({ codec, sample, index })
    })
    program = compileHost(folder, 'layouts', printProgram(samples, header))
  }, 120_000)

  test('bytes that a codec writes are those that C writes', () => {
    const lines = execFileSync(program, ['write'], { encoding: 'utf8' }).split('\n')
    for (const { codec, sample } of pieces) {
      for (const value of sample.values) {
        expect(hexOf(encode(codec, value)), describeSample(sample, value)).toBe(lines.shift())
      }
    }
    expect(lines).toEqual([''])
  })

  test('values that a codec reads are those that C reads', () => {
    const inputs = pieces.flatMap(({ codec, sample, index }) => [
      ...sample.values.map((value) => ({ codec, sample, index, bytes: encode(codec, value) })),
      { codec, sample, index, bytes: randomBytes(codec.size, index) },
    ])
    const input = inputs.map(({ index, bytes }) => `${index} ${bytes.length} ${hexOf(bytes)}\n`).join('')
    const lines = execFileSync(program, ['read'], { input, encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n')
    for (const { codec, sample, bytes } of inputs) {
      const decoded = codec.decode(viewOf(bytes), 0)
      for (const leaf of leavesOf(sample.record, decoded as never)) {
        const expected = lines.shift() ?? ''
        // Bytes that are no UTF-8 have no string of their own.
        const comparable =
          leaf.type.kind === 'string' ? Buffer.from(Buffer.from(expected, 'hex').toString()).toString('hex') : expected
        expect(leafText(leaf), `${leaf.path} of ${describeSample(sample, hexOf(bytes))}`).toBe(comparable)
      }
    }
    expect(lines).toEqual([''])
  })

  test('what was decoded is what was encoded', () => {
    for (const { codec, sample } of pieces) {
      for (const value of sample.values) {
        const decoded = codec.decode(viewOf(encode(codec, value)), 0) as never
        const before = leavesOf(sample.record, value).filter((leaf) => leaf.value !== undefined)
        const after = new Map(leavesOf(sample.record, decoded).map((leaf) => [leaf.path, leaf]))
        for (const leaf of before) {
          const same = after.get(leaf.path)
          expect(same && leafText(same), `${leaf.path} of ${describeSample(sample, value)}`).toBe(leafText(leaf))
        }
      }
    }
  })

  test('what was decoded can be encoded again', () => {
    // Members of a union that are read of the same bytes need not agree when written: text stops at a NUL, say.
    for (const { codec, sample } of pieces.filter(({ sample: { record } }) => !hasUnion(record))) {
      for (const value of sample.values) {
        const bytes = encode(codec, value)
        expect(hexOf(encode(codec, codec.decode(viewOf(bytes), 0))), describeSample(sample, value)).toBe(hexOf(bytes))
      }
    }
  })

  test('fields lie where the codec says, for those who read and write them in place', () => {
    for (const { codec, sample, index } of pieces) {
      const bytes = randomBytes(codec.size, index)
      const before = hexOf(bytes)
      const what = describeSample(sample, before)
      expectPlaces(codec, codec.decode(viewOf(bytes), 0), viewOf(bytes), 0, what)
      expect(hexOf(bytes), what).toBe(before)
    }
  })

  test('the module is what Biome would write', () => {
    expect(biomeFormat(module)).toBe(module)
  })

  test('the module passes the strictest type check', () => {
    expect(typeErrors(folder, file)).toEqual([])
  })
})

/** That each field is what the whole was decoded to; a bit-field is written as well, which changes nothing around it. */
function expectPlaces(codec: Codec<unknown>, value: unknown, view: DataView, offset: number, what: string): void {
  const { places, elements } = codec
  if (places === undefined && elements === undefined) {
    expect(codec.decode(view, offset), what).toEqual(value)
    if (codec.isBitField) codec.encode(value, view, offset)
    return
  }
  const fields = value as Record<string, unknown>
  const parts: CodecPlaces = places?.() ?? {}
  if (places !== undefined) expect(Object.keys(parts), what).toEqual(Object.keys(fields))
  for (const [name, [at, field]] of Object.entries(parts)) {
    expectPlaces(field, fields[name], view, offset + at, `${name} of ${what}`)
  }
  for (let i = 0; i < (elements?.length ?? 0); i++) {
    const element = elements?.codec as Codec<unknown>
    expectPlaces(element, fields[i], view, offset + i * element.size, `[${i}] of ${what}`)
  }
}

function hasUnion({ keyword, members }: RecordModel): boolean {
  if (keyword === 'union') return true
  return members.some((member) => {
    if (member.kind === 'anonymous') return hasUnion(member.record)
    return member.kind === 'field' && holdsUnion(member.type)
  })
}

function holdsUnion(type: TypeModel): boolean {
  if (type.kind === 'array') return holdsUnion(type.element)
  return type.kind === 'record' && hasUnion(type.record)
}

/** Into memory that is not zero: padding has to be written too. */
function encode(codec: Codec<unknown>, value: unknown): Uint8Array {
  const bytes = new Uint8Array(codec.size + 2).fill(0xa5)
  codec.encode(value, viewOf(bytes), 1)
  expect([bytes[0], bytes.at(-1)]).toEqual([0xa5, 0xa5])
  return bytes.subarray(1, -1)
}

function randomBytes(length: number, index: number): Uint8Array {
  return (
    fc.sample(fc.uint8Array({ minLength: length, maxLength: length }), { seed: seed + index, numRuns: 1 })[0] ??
    new Uint8Array()
  )
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function describeSample({ record }: Sample, value: unknown): string {
  const text = JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each))
  return `${printRecord(record)} ${text}`
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packets } from '../../test/arbitraries.js'
import { packet } from './packet.js'
import { parsePacket } from './parse.js'

describe('a packet that was built', () => {
  it('is parsed into the fields it was built of, with every checksum right', () => {
    fc.assert(
      fc.property(packets, (built) => {
        const parsed = parsePacket(built.build())
        expect(parsed.truncated).toBe(false)
        expect(parsed.layers.map(({ layer }) => layer)).toEqual(built.layers.map(({ layer }) => layer))
        for (const [index, layer] of parsed.layers.entries()) {
          const { options, ...fields }: Record<string, unknown> = { ...built.layers[index]?.fields }
          expect(layer).toMatchObject(fields)
          // Those of IPv6 end with the padding that the builder added.
          if (Array.isArray(options)) expect(layer).toHaveProperty('options', expect.arrayContaining(options))
          if ('checksumValid' in layer) expect(layer.checksumValid).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('comes out the same when built from what was parsed', () => {
    fc.assert(
      fc.property(packets, (built) => {
        const bytes = built.build()
        expect(packet(bytes).build()).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('is truncated when cut at any byte, and never a wrong checksum', () => {
    fc.assert(
      fc.property(packets, (built) => {
        const bytes = built.build()
        const { trailer } = Object.fromEntries(parsePacket(bytes).layers.map((it) => [it.layer, it.size]))
        const whole = bytes.length - (trailer ?? 0)
        for (let length = 0; length < whole; length++) {
          const parsed = parsePacket(bytes.subarray(0, length))
          expect(parsed.truncated).toBe(true)
          expect(parsed.layers.some((layer) => 'checksumValid' in layer && layer.checksumValid === false)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('bytes that are no packet', () => {
  const mutants = fc
    .tuple(packets, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }))
    .map(([built, changes]) => {
      const bytes = built.build()
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return bytes
    })

  it('are parsed and printed all the same, and cover every byte once', () => {
    fc.assert(
      fc.property(
        fc.oneof(mutants, fc.uint8Array({ maxLength: 120 })),
        fc.constantFrom('ethernet', 'ip'),
        (bytes, from) => {
          const parsed = parsePacket(bytes, { from })
          expect(parsed.toString()).toEqual(expect.any(String))
          let end = 0
          for (const { offset, size } of parsed.layers) {
            expect(offset).toBe(end)
            end += size
          }
          expect(end).toBe(bytes.length)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('can be built again', () => {
    fc.assert(
      fc.property(mutants, (bytes) => {
        expect(packet(bytes).build()).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })
})

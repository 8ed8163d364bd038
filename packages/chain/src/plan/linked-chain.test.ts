import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChainModel } from '../../test/chain-model.js'

type Step =
  | { readonly kind: 'change'; readonly edits: readonly Edit[]; readonly failIn: number | undefined }
  | { readonly kind: 'enter' | 'expire' }
  | { readonly kind: 'step'; readonly which: number }

/** Takes stages out of a place and puts others there. */
interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: readonly string[]
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(6),
  remove: fc.nat(2),
  insert: fc.array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), { maxLength: 2 }),
})
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
        failIn: fc.option(fc.nat(6), { freq: 5, nil: undefined }),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'enter' as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('step' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
  ),
  { minLength: 10, maxLength: 60 },
)

async function run(model: ChainModel, sequence: readonly Step[]): Promise<void> {
  model.change([...'ABCD'])
  await model.drain()
  for (const step of sequence) {
    if (step.kind === 'change') {
      const stages = model.chain.stages
      for (const { at, remove, insert } of step.edits) stages.splice(at, remove, ...insert)
      model.failIn = step.failIn
      model.change(stages)
    } else if (step.kind === 'step') model.step(step.which)
    else if (step.kind === 'enter') model.enter()
    else await model.expire()
  }
}

describe('any changes at any moments', () => {
  it('show each packet a chain that there was while it was under way, and leave nothing over', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const model = new ChainModel()
        await run(model, sequence)
        await model.drain()
        expect(model.problems).toEqual([])
        expect(model.living).toBe(model.chain.instances.length)
        expect(model.chain.instances.every(({ settled }) => settled)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('would not, if grace periods ended too early', async () => {
    const { failed } = await fc.check(
      fc.asyncProperty(steps, async (sequence) => {
        const model = new ChainModel(false)
        await run(model, sequence)
        await model.drain()
        expect(model.problems).toEqual([])
      }),
      { numRuns: 2000, seed: 1 },
    )
    expect(failed).toBe(true)
  })
})

describe('two changes while one packet is under way', () => {
  it('do not show it the beginning of the first chain and the end of the last', async () => {
    const model = new ChainModel()
    model.change([...'abcd'])
    await model.drain()
    model.enter()
    for (let i = 0; i < 2; i++) model.step(0)
    model.change([...'xbcd'])
    model.change([...'xbcy'])
    await model.drain()
    expect(model.problems).toEqual([])
  })

  it('take new instances only of what it may come to', async () => {
    const model = new ChainModel()
    model.change([...'abcd'])
    await model.drain()
    const [, b] = model.chain.instances
    model.change([...'axcd'])
    model.change([...'axcdy'])
    expect(model.living).toBe(8)
    await model.drain()
    expect(model.living).toBe(5)
    expect(model.chain.instances).not.toContain(b)
  })
})

describe('a chain that is abandoned', () => {
  it('gives its instances back when the last packet is through', async () => {
    const model = new ChainModel()
    model.change([...'abc'])
    await model.drain()
    model.enter()
    model.step(0)
    model.chain.abandon()
    expect(model.living).toBe(3)
    await model.drain()
    expect(model.living).toBe(0)
    expect(model.problems).toEqual([])
  })
})

import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { loadMarks, upTo } from '../test/marks.js'
import { makeNetwork } from '../test/network.js'
import { ChangedChain, kinds, randomNumbers } from '../test/random-changes.js'
import { recordOn, Sender } from '../test/stream.js'
import { createAt, variants } from '../test/variants.js'

const ids = upTo(40)
const network = await makeNetwork()
const { near, far } = network.hosts
const marks = { xdp: await loadMarks('xdp', ids), tc: await loadMarks('tc', ids) }
const recorder = await recordOn(far)
const sender = await Sender.start(near, far)

afterAll(async () => {
  await sender.close()
  for (const it of [...Object.values(marks), recorder]) it[Symbol.dispose]()
  await network.close()
})

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0)

describe.each(variants)('$name', (variant) => {
  it.each([
    { what: 'one after the other', settle: true },
    { what: 'faster than packets', settle: false },
  ])(
    'changed under a stream, $what: each packet sees the chain before or after, and none is lost',
    async ({ settle }) => {
      const seed = Date.now()
      await using chain = await createAt(variant, network)
      const changed = new ChangedChain(chain, marks[variant.hook], ids, randomNumbers(seed))
      sender.start()
      const least = kinds.length * 4
      for (const end = Date.now() + 700; Date.now() < end || changed.states.size < least; ) {
        changed.change()
        if (settle) await chain.settled()
        // The stream is of another process, but the machine may be one processor.
        else if (changed.states.size % 8 === 0) await delay(2)
      }
      const sent = await sender.stop()
      const traces = await recorder.traces(sent)
      expect(
        [...traces.keys()].filter((trace) => !changed.states.has(trace)),
        `seed ${seed}`,
      ).toEqual([])
      expect(sum(traces.values()), `seed ${seed}`).toBe(sent)
      expect(sent).toBeGreaterThan(100)
      expect(traces.size).toBeGreaterThan(settle ? 5 : 2)
      expect(chain.missed).toBe(0n)
      expect(chain.names).toHaveLength(chain.stages().length)
    },
  )
})

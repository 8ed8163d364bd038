import { load } from '@millrace/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { stagesTc } from '../test/generated/stages_tc.bpf.js'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { loadMarks, upTo } from '../test/marks.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { createAt, variants } from '../test/variants.js'
import type { TailCallChain } from './index.js'

const network = await makeNetwork()
const { near, far } = network.hosts
const marks = { xdp: await loadMarks('xdp', upTo(9)), tc: await loadMarks('tc', upTo(9)) }

const recorder = await recordOn(far)
const sender = await Sender.start(near, far)

afterAll(async () => {
  await sender.close()
  for (const it of [...Object.values(marks), recorder]) it[Symbol.dispose]()
  await network.close()
})

/** What has seen the packets of a burst, and how many there were. */
async function traceBurst() {
  const sent = await sender.burst()
  return { sent, traces: await recorder.traces(sent) }
}

/** Sends packets of which the chain lets none through. */
async function loseBurst(chain: TailCallChain) {
  const sent = await sender.burst()
  await vi.waitFor(() => expect(Number(chain.stages()[0]?.packets)).toBeGreaterThanOrEqual(sent), 5000)
  expect(await recorder.traces(0)).toEqual(new Map())
  return sent
}

/** Stages of either hook, whose chain the compiler does not tell apart here. */
const loadStages = (hook: 'xdp' | 'tc', constants = {}) =>
  load((hook === 'xdp' ? stagesXdp : stagesTc) as typeof stagesXdp, { constants })

describe.each(variants)('$name', (variant) => {
  const mark = marks[variant.hook]

  it('runs its stages in order', async () => {
    await using chain = await createAt(variant, network)
    expect(chain).toMatchObject({ hook: variant.hook, interface: 'eth0', mechanism: variant.mechanism })
    chain.append('b', mark.of(2))
    chain.append('d', mark.of(4))
    chain.prepend('a', mark.of(1))
    chain.insertBefore('d', 'c', mark.of(3))
    chain.insertAfter('d', 'e', mark.of(5))
    expect(chain.names).toEqual(['a', 'b', 'c', 'd', 'e'])
    const { traces, sent } = await traceBurst()
    expect(traces).toEqual(new Map([['1 2 3 4 5', sent]]))
  })

  it('is changed in every way', async () => {
    await using chain = await createAt(variant, network)
    const expectTrace = async (trace: string) => {
      const { traces, sent } = await traceBurst()
      expect(traces).toEqual(new Map([[trace, sent]]))
    }
    await expectTrace('')
    for (const id of [1, 2, 3, 4]) chain.append(`s${id}`, mark.of(id))
    chain.replace('s2', mark.of(9))
    chain.remove('s3')
    chain.move('s4', 'first')
    await expectTrace('4 1 9')
    chain.apply(['s2', { name: 's5', program: mark.of(5) }, { name: 's1', program: mark.of(8) }])
    await expectTrace('9 5 8')
    chain.apply([])
    await expectTrace('')
    expect(chain.names).toEqual([])
  })

  it('counts what each stage has done', async () => {
    using object = await loadStages(variant.hook, { decided: variant.hook === 'xdp' ? 1 : 2 })
    await using chain = await createAt(variant, network)
    chain.append('all', mark.of(1))
    chain.append('drop', object.programs.decide)
    chain.append('none', mark.of(2))
    const sent = await loseBurst(chain)
    const [all, drop, none] = chain.stages()
    const packets = all?.packets ?? 0n
    // Other packets than those of the stream may be about: ARP.
    expect(Number(packets)).toBeGreaterThanOrEqual(sent)
    expect(all).toMatchObject({ name: 'all', verdicts: {}, passed: packets, missed: 0n })
    expect(Number(all?.bytes)).toBeGreaterThanOrEqual(sent * 102)
    expect(drop).toMatchObject({
      packets,
      verdicts: { drop: BigInt(sent) },
      passed: packets - BigInt(sent),
      missed: 0n,
    })
    expect(none).toMatchObject({ packets: packets - BigInt(sent), verdicts: {} })
    expect(all).not.toHaveProperty('nanoseconds')
    expect(all?.program.name).toBe('mark')
    expect(chain.missed).toBe(0n)
  })

  it('shares the state of its programs with the object that they come from, which may be closed', async () => {
    const object = await loadStages(variant.hook)
    await using first = await createAt(variant, network)
    first.append('once', object.programs.remember)
    first.append('twice', object.programs.remember)
    using remembered = first.openMap('once', '.bss')
    const read = () => {
      const value = new BigUint64Array(1)
      remembered.lookup(new Uint8Array(4), new Uint8Array(value.buffer))
      return Number(value[0])
    }
    object.close()
    const { sent } = await traceBurst()
    expect(read()).toBeGreaterThanOrEqual(2 * sent)
    first.move('twice', 'first')
    first.append('again', mark.of(1))
    expect((await traceBurst()).traces.size).toBe(1)
    expect(Number(first.stages()[0]?.packets)).toBeGreaterThan(sent)
  })

  it('ends with the verdict it was given', async () => {
    await using chain = await createAt(variant, network, { end: 'drop' })
    chain.append('mark', mark.of(1))
    await loseBurst(chain)
    expect(chain.stages()[0]).toMatchObject({ verdicts: {}, missed: 0n })
  })
})

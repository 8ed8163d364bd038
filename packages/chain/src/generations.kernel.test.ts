import { type LoadedObject, load } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { stagesTc } from '../test/generated/stages_tc.bpf.js'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { createAt, variants } from '../test/variants.js'

type Stages = LoadedObject<typeof stagesXdp>

const network = await makeNetwork()
const { near, far } = network.hosts
const recorder = await recordOn(far)
const sender = await Sender.start(near, far)
const [native, , , tcx] = variants

afterAll(async () => {
  await sender.close()
  recorder[Symbol.dispose]()
  await network.close()
})

/** Generations of a pair of stages, one of which leaves a note in each packet that only the other one of its own generation understands. */
const loadGenerations = async (hook: 'xdp' | 'tc') =>
  Promise.all(
    [1, 2].map((layout) =>
      load((hook === 'xdp' ? stagesXdp : stagesTc) as typeof stagesXdp, { constants: { layout } }),
    ),
  )

const counted = (objects: readonly Stages[], index: number) =>
  objects.flatMap(({ maps }) => maps.notes.get(index) ?? []).reduce((sum, { packets }) => sum + Number(packets), 0)

// By metadata in front of the packet on XDP, by the control block on tc.
describe.each([native, tcx])('$name', (variant) => {
  it('stages that belong together change together', async () => {
    const generations = await loadGenerations(variant.hook)
    await using chain = await createAt(variant, network)
    const pair = ({ programs }: Stages) => [
      { name: 'write', program: programs.writeNote },
      { name: 'between', program: programs.remember },
      { name: 'read', program: programs.readNote },
    ]
    chain.apply(pair(generations[0] as Stages))
    sender.start()
    for (let change = 0; change < 60; change++) {
      chain.apply(pair(generations[change % 2] as Stages))
      await chain.settled()
    }
    const sent = await sender.stop()
    await recorder.traces(sent)
    expect(counted(generations, 1)).toBe(0)
    expect(counted(generations, 0)).toBeGreaterThanOrEqual(sent)
    for (const object of generations) object.close()
  })

  it('which one after the other they do not', async () => {
    const generations = await loadGenerations(variant.hook)
    await using chain = await createAt(variant, network)
    const [one, two] = generations as [Stages, Stages]
    chain.append('write', one.programs.writeNote)
    chain.append('read', one.programs.readNote)
    chain.replace('write', two.programs.writeNote)
    const sent = await sender.burst()
    await recorder.traces(sent)
    expect(counted(generations, 1)).toBeGreaterThanOrEqual(sent)
    for (const object of generations) object.close()
  })
})

import { readdirSync, readlinkSync } from 'node:fs'
import { inspect } from 'node:util'
import { load, Program } from '@millrace/core'
import { afterAll, expect, it } from 'vitest'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { createAt, variants } from '../test/variants.js'

const network = await makeNetwork()
const { near, far } = network.hosts
const object = await load(stagesXdp)
const { mark, decide, remember } = object.programs
const recorder = await recordOn(far)
const sender = await Sender.start(near, far)
const [native] = variants

afterAll(async () => {
  await sender.close()
  recorder[Symbol.dispose]()
  object.close()
  await network.close()
})

async function burst() {
  const sent = await sender.burst()
  await recorder.traces(sent)
  return sent
}

const packetsOf = (chain: Awaited<ReturnType<typeof createAt>>) =>
  Object.fromEntries(chain.stages().map(({ name, packets }) => [name, Number(packets)]))

it('counters go on when a stage is moved or replaced, unless they are not to', async () => {
  await using chain = await createAt(native, network)
  chain.apply([
    { name: 'a', program: mark },
    { name: 'b', program: mark },
  ])
  const sent = await burst()
  const before = packetsOf(chain)
  expect(before.a).toBeGreaterThanOrEqual(sent)
  expect(before.b).toBe(before.a)
  chain.move('b', 'first')
  chain.replace('a', remember)
  await chain.settled()
  expect(packetsOf(chain)).toEqual(before)
  const more = await burst()
  expect(packetsOf(chain).a).toBeGreaterThanOrEqual(sent + more)
  chain.replace('a', mark, { keepCounters: false })
  expect(packetsOf(chain).a).toBe(0)
  expect(packetsOf(chain).b).toBeGreaterThanOrEqual(sent + more)
})

it('are not of a stage that had the name before and was removed', async () => {
  await using chain = await createAt(native, network)
  chain.append('a', mark)
  await burst()
  chain.remove('a')
  chain.append('a', mark)
  expect(packetsOf(chain).a).toBe(0)
})

it('nothing is counted when it is not asked for, but missed packets', async () => {
  await using chain = await createAt(native, network, { counting: false })
  chain.append('a', mark)
  await burst()
  expect(chain.stages()[0]).toMatchObject({ packets: 0n, bytes: 0n, verdicts: {}, passed: 0n, missed: 0n })
})

it('the time of each stage is taken when it is asked for', async () => {
  await using chain = await createAt(native, network, { timing: true })
  chain.append('a', mark)
  chain.append('b', mark)
  await burst()
  for (const { packets, nanoseconds } of chain.stages()) {
    expect(Number(nanoseconds)).toBeGreaterThan(Number(packets))
  }
})

it('a stage that makes more tail calls than it says shows as missed packets, also after it was removed', async () => {
  await using chain = await createAt(native, network, { end: 'drop' })
  using own = await load(stagesXdp)
  chain.append('loop', own.programs.branch, { tailCalls: 1 })
  chain.append('never', mark)
  // Its own tail call leads to itself, until the kernel makes no more, and none to the next stage either.
  using loop = Program.openById(chain.stages()[0]?.program.id ?? 0)
  own.maps.detour.set(0, loop.as('xdp'))
  const sent = await sender.burst()
  await expect.poll(() => Number(chain.missed), { timeout: 5000 }).toBeGreaterThanOrEqual(sent)
  const { missed } = chain
  expect(chain.stages()[0]?.missed).toBe(missed)
  chain.remove('loop')
  await chain.settled()
  expect(chain.missed).toBe(missed)
})

it('the table is made to be printed', async () => {
  await using chain = await createAt(native, network)
  chain.append('all', mark)
  chain.append('drop', decide)
  const sent = await sender.burst()
  await expect.poll(() => Number(chain.stages()[1]?.packets), { timeout: 5000 }).toBeGreaterThanOrEqual(sent)
  const [all, drop] = chain.stages()
  expect(inspect(all?.program)).toMatch(/^mark \(\d+\)$/)
  expect(inspect(drop?.verdicts)).toMatch(/^drop \d+$/)
  expect(Object.keys(all?.program ?? {})).toEqual(['id', 'name', 'tag'])
})

it('however often it was changed, a chain holds no more than its stages', async () => {
  await using chain = await createAt(native, network)
  const held = async () => {
    await chain.settled()
    return readdirSync('/proc/self/fd').filter((fd) => /bpf/.test(targetOf(fd))).length
  }
  chain.append('a', mark)
  chain.append('b', mark)
  const before = await held()
  for (let change = 0; change < 15; change++) {
    chain.append('c', mark)
    chain.move('c', 'first')
    chain.replace('a', decide)
    chain.remove('c')
  }
  expect(await held()).toBe(before)
  chain.apply([])
  expect(await held()).toBeLessThan(before)
})

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

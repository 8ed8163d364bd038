import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, it } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { hasClsact } from '../../test/foreign.js'
import { makeNetwork } from '../../test/network.js'
import { useClsactProcesses } from '../../test/processes.js'
import { purgeTc, queryTc, type TcDirection } from '../index.js'

const KILLS = 60
/** Told when the test fails, so that the same moments can be tried again. */
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 1e6)

const bpffs = useBpffs()
const processes = useClsactProcesses()
const network = await makeNetwork()
const { near, far } = network.hosts
const { netns } = far

afterEach(async () => {
  await far.run('tc', ['qdisc', 'del', 'dev', 'eth0', 'clsact'])
})

afterAll(() => network.close())

/** From 0 to 20 milliseconds, a dozen turns; the same ones for the same seed. */
function moments(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state / 0x8000_0000) * 20
  }
}

const standing = (direction: TcDirection) =>
  queryTc('eth0', { netns, direction, mechanism: 'clsact', pids: false }).programs.map(({ filter }) => filter?.name)

it('a process that is killed between two system calls leaves no qdisc without a filter that says whose it is', async () => {
  const moment = moments(SEED)
  for (let number = 0; number < KILLS; number++) {
    const child = await processes.start(near, { netns, turns: 1, forever: true })
    await sleep(moment())
    await child.kill()
    const names = [...standing('ingress'), ...standing('egress')]
    expect(names, `seed ${SEED}, kill ${number}`).toEqual((await hasClsact(far)) ? ['millrace+/a'] : [])
    purgeTc({ netns, pinRoot: bpffs.path })
    expect(await hasClsact(far), `seed ${SEED}, kill ${number}`).toBe(false)
  }
}, 120_000)

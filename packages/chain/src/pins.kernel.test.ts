import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentError, listPrograms, load, PinError } from '@millrace/core'
import { queryXdp } from '@millrace/xdp'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { stagesTc } from '../test/generated/stages_tc.bpf.js'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { loadMarks, upTo } from '../test/marks.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { createAt, pinnedAt, variants } from '../test/variants.js'
import {
  ChainAdoptError,
  ChainPinnedError,
  NotAStageError,
  StageNotReloadableError,
  type StagePrograms,
  TailCallChain,
  UnknownStageError,
} from './index.js'

const bpffs = useBpffs()
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

/** The trace of a burst, of which nothing must be missing. */
async function traceBurst() {
  const sent = await sender.burst()
  const traces = await recorder.traces(sent)
  expect([...traces.values()]).toEqual([sent])
  return [...traces.keys()][0]
}

const folderOf = (pin: string) => join(bpffs.path, 'chain', pin)
const instancesIn = (pin: string) =>
  readdirSync(folderOf(pin))
    .filter((file) => /^\d/.test(file))
    .sort()

// A native and a generic chain are pinned alike.
describe.each(variants.filter(({ name }) => !name.startsWith('generic')))('$name', (variant) => {
  const mark = { of: (id: number) => marks[variant.hook].of(id) as never }
  const where = () => pinnedAt(variant, network, { pin: 'edge', pinRoot: bpffs.path })
  const create = () => createAt(variant, network, { pin: 'edge', pinRoot: bpffs.path })
  const adopt = (stages?: Record<string, StagePrograms['xdp']>) => TailCallChain.adopt({ ...where(), stages })
  const purge = () => TailCallChain.purge(where())

  afterEach(async () => {
    await purge()
    expect(existsSync(folderOf('edge'))).toBe(false)
    expect(await traceBurst()).toBe('')
  })

  it('works on when it is closed, and is taken up again', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.append('b', mark.of(2))
    expect(await traceBurst()).toBe('1 2')
    const before = chain.stages()
    chain.close()
    expect(await traceBurst()).toBe('1 2')

    await using again = await adopt()
    expect(again).toMatchObject({ names: ['a', 'b'], mechanism: variant.mechanism, path: folderOf('edge') })
    expect(again.mode).toBe('mode' in variant ? variant.mode : undefined)
    const after = again.stages()
    expect(after.map(({ program }) => program)).toEqual(before.map(({ program }) => program))
    expect(Number(after[0]?.packets)).toBeGreaterThan(Number(before[0]?.packets))
    again.append('c', mark.of(3))
    again.insertBefore('b', 'x', mark.of(4))
    again.replace('b', mark.of(5))
    expect(await traceBurst()).toBe('1 4 5 3')
    again.remove('a')
    expect(await traceBurst()).toBe('4 5 3')
    await again.settled()
    expect(instancesIn('edge')).toHaveLength(3)
    again.detach()
    await again.settled()
    expect(existsSync(folderOf('edge'))).toBe(false)
  })

  it('is empty and taken up again', async () => {
    const chain = await create()
    chain.close()
    await using again = await adopt()
    expect(again.names).toEqual([])
    again.append('a', mark.of(1))
    expect(await traceBurst()).toBe('1')
  })

  it('moves its stages when it is told what they are', async () => {
    const chain = await create()
    for (const id of [1, 2, 3]) chain.append(`s${id}`, mark.of(id))
    chain.close()

    const blind = await adopt()
    expect(() => blind.move('s3', 'first')).toThrow(StageNotReloadableError)
    expect(() => blind.move('s3', 'first')).toThrow(/stage s[123] has to be loaded again for this change/)
    expect(await traceBurst()).toBe('1 2 3')
    // What comes after stays what it is; only, while packets of the old chain may be in there, nothing in there can be written.
    blind.remove('s1')
    expect(() => blind.append('s4', mark.of(4))).toThrow(/it does not have to be once the chain is settled, so await/)
    await blind.settled()
    blind.append('s4', mark.of(4))
    expect(await traceBurst()).toBe('2 3 4')
    blind.apply([
      { name: 's3', program: mark.of(3) },
      { name: 's2', program: mark.of(2) },
    ])
    expect(await traceBurst()).toBe('3 2')
    blind.close()

    const knowing = { s2: mark.of(2), s3: mark.of(3), other: mark.of(4) } as Record<string, StagePrograms['xdp']>
    await using again = await adopt(knowing)
    const before = again.stages().find(({ name }) => name === 's2')?.packets ?? 0n
    again.move('s2', 'first')
    expect(await traceBurst()).toBe('2 3')
    expect(Number(again.stages()[0]?.packets)).toBeGreaterThan(Number(before))
  })

  it('gives the next version of a stage the maps of this one', async () => {
    const spec = (variant.hook === 'xdp' ? stagesXdp : stagesTc) as typeof stagesXdp
    const chain = await create()
    {
      using v1 = await load(spec)
      chain.append('write', v1.programs.writeNote)
      chain.append('read', v1.programs.readNote)
    }
    await traceBurst()
    chain.close()
    await using again = await adopt()
    using notes = again.openMap('read', 'notes')
    using v2 = await load(spec, { maps: { notes: { replace: notes } } })
    again.replace('read', v2.programs.readNote as never)
    await traceBurst()
    const understood = (v2.maps.notes.get(0) ?? []).reduce((sum, { packets }) => sum + Number(packets), 0)
    expect(understood).toBeGreaterThanOrEqual(400)
    expect(() => again.openMap('read', 'note')).toThrow(/did you mean notes\?/)
    expect(() => again.openMap('raed', 'notes')).toThrow(UnknownStageError)
  })

  it('is made once', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.close()
    await expect(create()).rejects.toThrow(ChainPinnedError)
    await expect(create()).rejects.toThrow(
      /a chain is pinned at .*\/chain\/edge and at work: adopt it, or purge it first/,
    )
    expect(await traceBurst()).toBe('1')
  })

  it('is made anew over what was left of one', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    await chain.settled()
    chain.detach()
    await chain.settled()
    mkdirSync(join(folderOf('edge'), '1-0-half', 'maps'), { recursive: true })
    await using again = await create()
    expect(instancesIn('edge')).toEqual([])
    again.append('b', mark.of(2))
    expect(await traceBurst()).toBe('2')
  })

  it('reaps what a change has left behind', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    await chain.settled()
    chain.close()
    mkdirSync(join(folderOf('edge'), '7-0-half', 'maps'), { recursive: true })
    await using again = await adopt()
    await again.settled()
    expect(instancesIn('edge')).toEqual(['1-0-a'])
    again.append('b', mark.of(2))
    expect(instancesIn('edge')).toEqual(['1-0-a', '8-0-b'])
  })

  it('remembers the tail calls that a stage makes', async () => {
    const spec = (variant.hook === 'xdp' ? stagesXdp : stagesTc) as typeof stagesXdp
    const chain = await create()
    using object = await load(spec)
    chain.append('branch', object.programs.branch as never, { tailCalls: 31 })
    chain.close()
    await using again = await adopt()
    expect(() => again.append('a', mark.of(1))).not.toThrow()
    expect(() => again.append('b', mark.of(2))).toThrow(
      /takes 34 tail calls, one each and the 31 that they make themselves/,
    )
  })

  it('says why it cannot be taken up', async () => {
    await expect(adopt()).rejects.toThrow(ChainAdoptError)
    await expect(adopt()).rejects.toThrow(/chain\/edge cannot be adopted: nothing is pinned there/)
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.append('b', mark.of(2))
    await chain.settled()
    chain.close()
    await expect(adopt({ a: undefined as never })).rejects.toThrow(ArgumentError)
    using object = await load((variant.hook === 'xdp' ? stagesXdp : stagesTc) as typeof stagesXdp)
    await expect(adopt({ a: object.programs.lone })).rejects.toThrow(NotAStageError)
    // @ts-expect-error it has to have a name
    await expect(TailCallChain.adopt({ ...where(), pin: undefined })).rejects.toThrow(
      /options.pin is undefined, expected the name of a pinned chain/,
    )
    rmSync(join(folderOf('edge'), '2-0-b'), { recursive: true })
    await expect(adopt()).rejects.toThrow(/somebody has removed pins: it goes on to program \d+/)
  })

  it('is not destroyed by who names another hook', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.close()
    const place = where()
    // A link knows where it is, whatever it is called.
    if (variant.mechanism === 'netlink' || variant.mechanism === 'clsact') {
      for (const elsewhere of [
        { interface: 'lo' },
        { interface: 'ehto' },
        { hook: 'tc', direction: 'ingress', interface: 'lo' },
      ]) {
        const error = await TailCallChain.purge({ ...place, ...elsewhere } as typeof place).catch((it: unknown) => it)
        expect(error).toBeInstanceOf(ArgumentError)
        expect((error as ArgumentError).message).toMatch(
          /expected the hook that the chain is on: (XDP|tc \w+) of eth0$/,
        )
      }
      await expect(TailCallChain.adopt({ ...place, interface: 'lo' })).rejects.toThrow(
        /cannot be adopted: it is on another hook, (XDP|tc \w+) of eth0/,
      )
      const { hook, netns, pin, pinRoot } = { ...place, pinRoot: bpffs.path }
      const onLo = { hook: 'tc', interface: 'lo', direction: 'ingress', netns, pin, pinRoot } as const
      expect(hook).toBe(variant.hook)
      await expect(TailCallChain.create(onLo)).rejects.toThrow(ChainPinnedError)
    }
    expect(await traceBurst()).toBe('1')
    using again = await adopt()
    expect(again.names).toEqual(['a'])
  })

  it('says what to do when the pin of its end was removed', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.close()
    await chain.settled()
    rmSync(join(folderOf('edge'), 'end'))
    await expect(adopt()).rejects.toThrow(/somebody has removed the pin of its end: purge it, and create it again/)
  })

  it('leaves nothing over when it is purged', async () => {
    const chain = await create()
    chain.append('a', mark.of(1))
    chain.append('b', mark.of(2))
    const ids = chain.stages().map(({ program }) => program.id)
    chain.close()
    await purge()
    // The kernel frees a program in its own time.
    const left = () => listPrograms().filter(({ id }) => ids.includes(id))
    await expect.poll(left, { timeout: 5000 }).toEqual([])
    await purge()
    expect(await traceBurst()).toBe('')
  })
})

describe('of XDP', () => {
  const where = () => ({ hook: 'xdp', interface: 'eth0', netns: far.netns, pin: 'edge', pinRoot: bpffs.path }) as const

  it('is not taken up elsewhere', async () => {
    const chain = await TailCallChain.create(where())
    chain.close()
    await expect(TailCallChain.adopt({ ...where(), interface: 'lo' })).rejects.toThrow(
      /it is on the interface with index \d+, and lo has 1/,
    )
    await expect(TailCallChain.adopt({ ...where(), hook: 'tc', direction: 'ingress' })).rejects.toThrow(
      /it is on another hook of eth0 than tc ingress/,
    )
    await TailCallChain.purge(where())
  })

  it('is not taken up once it was detached', async () => {
    const chain = await TailCallChain.create(where())
    chain.close()
    await TailCallChain.adopt(where()).then((again) => {
      mkdirSync(join(bpffs.path, 'kept'), { recursive: true })
      again.close()
    })
    using other = await load(stagesXdp)
    const { attachXdp } = await import('@millrace/xdp')
    attachXdp(other.programs.lone, 'eth0', { netns: far.netns, replace: true }).detach()
    await expect(TailCallChain.adopt(where())).rejects.toThrow(/it is not on its hook any more: purge it/)
    await using again = await TailCallChain.create(where())
    again.detach()
  })

  it('is purged when its interface is gone', async () => {
    await using gone = await makeNetwork()
    const place = { ...where(), netns: gone.hosts.far.netns, pin: 'gone' }
    const chain = await TailCallChain.create(place)
    chain.append('a', marks.xdp.of(1))
    chain.close()
    await gone.hosts.far.run('ip', ['link', 'delete', 'eth0'])
    await expect(TailCallChain.adopt(place)).rejects.toThrow(ArgumentError)
    await TailCallChain.purge(place)
    expect(existsSync(folderOf('gone'))).toBe(false)
  })

  it('keeps to packets in several buffers', async () => {
    const { stagesXdpFrags } = await import('../test/generated/stages_xdp_frags.bpf.js')
    using frags = await load(stagesXdpFrags)
    const chain = await TailCallChain.create({ ...where(), frags: true })
    chain.append('a', frags.programs.mark)
    chain.close()
    await using again = await TailCallChain.adopt(where())
    again.append('b', frags.programs.mark)
    expect(() => again.append('c', marks.xdp.of(1))).toThrow(/expected xdp.frags/)
    again.detach()
  })

  it('goes back to its own verdict when no stage has one', async () => {
    const chain = await TailCallChain.create({ ...where(), end: 'drop' })
    chain.close()
    await using again = await TailCallChain.adopt(where())
    again.append('a', marks.xdp.of(1))
    const sent = await sender.burst()
    await expect.poll(() => Number(again.stages()[0]?.packets), { timeout: 5000 }).toBeGreaterThanOrEqual(sent)
    expect(await recorder.traces(0)).toEqual(new Map())
    again.detach()
  })

  it('is pinned on a bpf filesystem only, and nothing is left over elsewhere', async () => {
    await expect(TailCallChain.create({ ...where(), pinRoot: '/tmp/millrace-no-bpffs' })).rejects.toThrow(PinError)
    expect(existsSync('/tmp/millrace-no-bpffs')).toBe(false)
    expect(queryXdp('eth0', { netns: far.netns })).toEqual([])
  })

  it('says what is in the way of its folder', async () => {
    const pins = (name: string) => ({ ...where(), pinRoot: join(bpffs.path, name) })
    const { pinRoot } = pins('taken')
    mkdirSync(join(pinRoot, 'above', 'chain'), { recursive: true })
    marks.xdp.of(1).pin(join(pinRoot, 'chain'))
    marks.xdp.of(1).pin(join(pinRoot, 'above', 'chain', 'edge'))
    const uses: ((place: ReturnType<typeof pins>) => Promise<unknown>)[] = [
      (place) => TailCallChain.create(place),
      (place) => TailCallChain.adopt(place),
      (place) => TailCallChain.purge(place),
    ]
    for (const use of uses) {
      for (const [name, inTheWay] of [
        ['taken', 'taken/chain'],
        ['taken/above', 'taken/above/chain/edge'],
        ['taken/chain', 'taken/chain'],
      ] as const) {
        const error = await use(pins(name)).catch((error: unknown) => error)
        expect(error).toBeInstanceOf(PinError)
        expect((error as PinError).message).toContain(`${join(bpffs.path, inTheWay)} is a pin or a file, and no folder`)
      }
      const dotted = await use(pins('a.b')).catch((error: unknown) => error)
      expect(dotted).toBeInstanceOf(PinError)
      expect((dotted as PinError).message).toMatch(/a\.b\/chain\/edge: a bpf filesystem takes no name with a dot/)
    }
    rmSync(pinRoot, { recursive: true })
    expect(queryXdp('eth0', { netns: far.netns })).toEqual([])
  })

  it('is adopted with stages by their names only', async () => {
    // @ts-expect-error a list
    await expect(TailCallChain.adopt({ ...where(), stages: [] })).rejects.toThrow(
      /expected an object of programs, by stage/,
    )
    // @ts-expect-error nothing
    await expect(TailCallChain.adopt({ ...where(), stages: null })).rejects.toThrow(
      /^options.stages is null, expected an/,
    )
  })
})

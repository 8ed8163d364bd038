import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic } from '../test/generated/basic.bpf.js'
import { frags } from '../test/generated/frags.bpf.js'
import { tailCall } from '../test/generated/tail-call.bpf.js'
import { useBpffs } from '../test/support/bpffs.js'
import { bpftool } from '../test/support/bpftool.js'
import { frame } from '../test/support/objects.js'
import { ArgumentError, ClosedError, KernelError, PinError } from './errors/index.js'
import { listPrograms } from './list.js'
import { load } from './load/load.js'
import type { LoadedObject } from './load/loaded-object.js'
import { Program } from './program.js'
import { RawMap } from './raw-map.js'
import { enableStatistics } from './statistics.js'

const bpffs = useBpffs()
let object: LoadedObject<typeof basic>
beforeAll(async () => {
  object = await load(basic)
})
afterAll(() => object.close())

describe('info', () => {
  it('says what bpftool says', () => {
    const info = object.programs.decide.info()
    const theirs = bpftool('prog', 'show', 'id', String(info.id))
    expect(theirs).toMatchObject({
      id: info.id,
      type: info.type,
      name: info.name,
      tag: info.tag,
      gpl_compatible: info.gplCompatible,
      uid: info.uid,
      bytes_xlated: info.translatedSize,
      jited: info.jitedSize > 0,
      bytes_jited: info.jitedSize,
      bytes_memlock: info.memlock,
      map_ids: info.mapIds,
      btf_id: info.btfId,
    })
    expect(Math.abs(info.loadedAt.getTime() / 1000 - Number(theirs.loaded_at))).toBeLessThan(2)
    expect(info).toMatchObject({
      type: 'xdp',
      name: 'decide',
      gplCompatible: true,
      uid: 0,
      ifindex: 0,
      recursionMisses: 0n,
    })
    expect(info.mapIds).toContain(object.maps.counters.raw.id)
    expect(info.verifiedInstructions).toBeGreaterThan(0)
  })

  it('counts runs and time while statistics are on', () => {
    const { decide } = object.programs
    const before = decide.info()
    const statistics = enableStatistics()
    expect(statistics.closed).toBe(false)
    decide.testRun({ data: frame(), repeat: 1000 })
    statistics.close()
    expect(statistics.closed).toBe(true)
    statistics.close()
    decide.testRun({ data: frame(), repeat: 1000 })
    const after = decide.info()
    // Those of a run that was broken off soon are counted, too.
    expect(Number(after.runCount - before.runCount)).toBeGreaterThanOrEqual(1000)
    expect(Number(after.runCount - before.runCount)).toBeLessThan(2000)
    expect(after.runTimeNs - before.runTimeNs).toBeGreaterThan(1000n)
  })

  it('is in the list of the whole system', () => {
    const { id, tag } = object.programs.mark.info()
    expect(listPrograms()).toContainEqual(expect.objectContaining({ id, tag, type: 'sched_cls', name: 'mark' }))
  })
})

describe('instructions', () => {
  it('are those that bpftool dumps', () => {
    const { decide } = object.programs
    const bytes = decide.instructions()
    expect(bytes).toHaveLength(decide.info().translatedSize)
    const dumped = bpftool('prog', 'dump', 'xlated', 'id', String(decide.id), 'opcodes') as unknown as Dumped[]
    const codes = dumped.map(({ opcodes }) => Number(opcodes.code))
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const mine: number[] = []
    for (let at = 0; at < bytes.length; at += view.getUint8(at) === wideLoad ? 16 : 8) mine.push(view.getUint8(at))
    expect(mine).toEqual(codes)
  })
})

interface Dumped {
  readonly opcodes: { readonly code: string }
}
/** BPF_LD | BPF_IMM | BPF_DW, the one instruction of 16 bytes. */
const wideLoad = 0x18

describe('open', () => {
  it('finds a program by its id and by its pin', () => {
    const path = `${bpffs.path}/decide`
    const { decide } = object.programs
    decide.pin(path)
    using byPin = Program.open(path)
    using byId = Program.openById(decide.id)
    for (const program of [byPin, byId]) {
      expect(program).toMatchObject({ id: decide.id, name: 'decide', type: 'xdp', section: undefined })
      expect(program.testRun({ data: frame() }).returnValue).toBe(2)
    }
    expect(byPin.pinPath).toBe(path)
    byPin.unpin()
    expect(() => Program.open(path)).toThrow(PinError)
    expect(() => Program.openById(0xffff_fffe)).toThrow(KernelError)
    expect(() => Program.openById(-1)).toThrow(ArgumentError)
  })

  it('tells a map from a program', () => {
    const path = `${bpffs.path}/counters`
    object.maps.counters.raw.pin(path)
    expect(() => Program.open(path)).toThrow(/a map is pinned there and not a program/)
    object.maps.counters.raw.unpin()
  })

  it('gives the kind to the compiler, after checking it', () => {
    using program = Program.openById(object.programs.decide.id)
    const xdp: Program<'xdp'> = program.as('xdp')
    expect(xdp).toBe(program)
    expect(() => program.as('sched_cls')).toThrow("type is 'sched_cls', expected xdp, the kind of program decide")
  })
})

describe('testRun', () => {
  it('gives the verdict, the packet and the time', () => {
    const data = frame(100).fill(7)
    const result = object.programs.decide.testRun({ data, repeat: 1000 })
    expect(result.returnValue).toBe(2)
    expect(result.data).toEqual(data)
    expect(result.durationNs).toBeGreaterThan(0)
    expect(result.context).toHaveLength(0)
  })

  it('hands the context in and out', () => {
    // struct __sk_buff, of which the kernel takes and gives `mark`, the third word
    const context = new Uint8Array(192)
    const result = object.programs.mark.testRun({ data: frame(), context })
    expect(new DataView(result.context.buffer, result.context.byteOffset).getUint32(8, true)).toBe(7)
  })

  it('runs over packets of several buffers', async () => {
    using object = await load(frags)
    const { data, returnValue } = object.programs.withFrags.testRun({ data: frame(9000).fill(3) })
    expect(data).toEqual(frame(9000).fill(3))
    expect(returnValue).toBe(2)
    expect(() => object.programs.withFrags.testRun({ data: frame(100_000) })).toThrow(/100000 bytes are more than/)
  })

  it('can run live', () => {
    const result = object.programs.decide.testRun({ data: frame(), repeat: 100, liveFrames: true, batchSize: 10 })
    expect(result.data).toHaveLength(0)
  })

  it.each([
    [{ data: new Uint8Array(5) }, KernelError, /must hold an Ethernet header/],
    [{ data: frame(), dataOutSize: 10 }, KernelError, /ENOSPC.*longer than dataOutSize/],
    [{ data: [1, 2] as never }, ArgumentError, /options\.data is \[ 1, 2 \], expected a Uint8Array/],
    [{ data: frame(), repeat: 0 }, ArgumentError, /options\.repeat is 0, expected an integer from 1/],
    [{ data: frame(), liveFrames: true, batchSize: 257 }, ArgumentError, /options\.batchSize/],
    [{ data: frame(), batchSize: 8 }, ArgumentError, /batchSize is 8, expected undefined without options\.liveFrames/],
    [{ data: frame(), dataOutSize: 2 ** 31 - 1 }, ArgumentError, /options\.dataOutSize is 2147483647/],
    [{ data: frame(), cpu: 1 }, KernelError, /xdp programs cannot choose a CPU/],
    [
      { data: frame(), context: frame(24).fill(1) },
      KernelError,
      /context of 24 bytes is not the struct of a xdp program/,
    ],
    [undefined as never, ArgumentError, /^options is undefined/],
    [{ packet: frame() } as never, ArgumentError, /'packet', expected one of the options data/],
    [{ data: frame(), liveframes: true } as never, ArgumentError, /did you mean liveFrames/],
  ])('refuses %o', (options, kind, message) => {
    expect(() => object.programs.decide.testRun(options)).toThrow(kind)
    expect(() => object.programs.decide.testRun(options)).toThrow(message)
  })

  it('refuses live frames for other kinds', () => {
    expect(() => object.programs.mark.testRun({ data: frame(), liveFrames: true })).toThrow(/only XDP has it/)
  })
})

describe('a program array', () => {
  const [drop, pass] = [1, 2]

  it('keeps its programs as long as somebody holds it, whatever is closed besides', async () => {
    const path = `${bpffs.path}/entry`
    const object = await load(tailCall)
    const { entry, dropper } = object.programs
    expect(entry.testRun({ data: frame() }).returnValue).toBe(pass)
    object.maps.next.set(0, dropper)
    dropper.close()
    expect(entry.testRun({ data: frame() }).returnValue).toBe(drop)

    entry.pin(path)
    using array = RawMap.openById(object.maps.next.id)
    object.close()
    using adopted = Program.open(path)
    expect(adopted.testRun({ data: frame() }).returnValue).toBe(drop)

    // The kernel empties a program array with its last holder, although the program still refers to it.
    array.close()
    await expect.poll(() => adopted.testRun({ data: frame() }).returnValue).toBe(pass)
    adopted.unpin()
  })
})

describe('close', () => {
  it('ends use', () => {
    const program = Program.openById(object.programs.decide.id)
    const { name } = program
    program.close()
    program.close()
    const uses = [
      () => program.info(),
      () => program.instructions(),
      () => program.testRun({ data: frame() }),
      () => program.pin('/x'),
      () => program.id,
    ]
    for (const use of uses) expect(use).toThrow(new ClosedError({ what: 'program', name }))
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LoadedObject, loadSync, type Program, RawMap } from '@millrace/core'
import { ProgramArray } from '@millrace/maps'
import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { check, clangs, compile, headers, targets } from './compilers.js'
import { Note } from './generated/metadata_xdp.bpf.js'

/** The kernel's limit is a million. */
const mostVerified = 150_000

/** Instructions that the verifier walked, by program and compiler. */
const counts: Record<string, Record<string, number>> = {}
afterAll(() => console.table(counts))

const folder = mkdtempSync(join(tmpdir(), 'millrace-bpf-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sources = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.bpf.c'))

describe.each(targets)('$clang -mcpu=$cpu', (target) => {
  it.each(sources)('%s: the verifier takes every program, and soon', async (source) => {
    const file = join(folder, `${target.clang}-${target.cpu}-${source}.o`)
    await compile(target, fileURLToPath(new URL(source, import.meta.url)), file)
    using object = loadSync(file)
    for (const [name, program] of Object.entries(object.programs)) {
      const { verifiedInstructions } = program.info()
      const row = `${source} ${name}`
      counts[row] = { ...counts[row], [`${target.clang} ${target.cpu}`]: verifiedInstructions }
      expect(verifiedInstructions, name).toBeLessThan(mostVerified)
    }
  })
})

/** Lets a stage go on to another; objects that were loaded without their modules. */
function goOn(from: LoadedObject, program: Program | undefined): void {
  const next = from.maps.mr_next
  if (!(next instanceof RawMap) || program === undefined) throw new Error('no stages')
  ProgramArray.from(next, { programType: program.type }).set(0, program)
}

describe.each(targets)('$clang -mcpu=$cpu', (target) => {
  it.each([
    ['metadata_xdp.bpf.c', 2],
    ['metadata_tc.bpf.c', -1],
  ])('%s: what one stage notes, the next ones change and read', async (source, alone) => {
    const file = join(folder, `${target.clang}-${target.cpu}-${source}.o`)
    await compile(target, fileURLToPath(new URL(source, import.meta.url)), file)
    using note = loadSync(file, { constants: { number: 40n } })
    using amend = loadSync(file)
    using tell = loadSync(file)
    goOn(note, amend.programs.amend)
    goOn(amend, tell.programs.tell)
    const data = packet().ethernet().ipv4().udp().payload(new Uint8Array(100).fill(7)).build()
    expect((note.programs.note?.testRun({ data }).returnValue ?? 0) | 0).toBe(alone)
    const told = tell.maps.told
    if (!(told instanceof RawMap)) throw new Error('no map')
    const bytes = new Uint8Array(Note.size)
    told.lookup(new Uint8Array(4), bytes)
    const noted = { number: 41n, protocol: 0x0800, lastByte: 7, seen: true, length: data.length }
    expect(Note.decode(new DataView(bytes.buffer), 0)).toEqual(noted)
  })
})

describe('each header', () => {
  const hooked = ['context.h', 'packet.h', 'stage.h', 'metadata.h']

  it.each(headers)('%s stands alone', async (header) => {
    const hooks = hooked.includes(header) ? ['#define MR_HOOK_XDP', '#define MR_HOOK_TC'] : ['']
    for (const hook of hooks) await check(`${hook}\n#include <millrace/${header}>\n#include <millrace/${header}>\n`)
  })

  it('refuses a dataplane without a hook, and one with two', async () => {
    await expect(check('#include <millrace/context.h>\n')).rejects.toThrow(/include <millrace\/xdp.h> or/)
    await expect(check('#include <millrace/xdp.h>\n#include <millrace/tc.h>\n')).rejects.toThrow(/one hook/)
  })
})

/** The object of a program in the README, the first one that contains a text. */
async function readmeObject(contains: string, clang: string, hook: string): Promise<string> {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/```c\n(.*?)```/gs)].map(([, text = '']) => text)
  const source = join(folder, 'readme.bpf.c')
  const object = join(folder, 'readme.o')
  writeFileSync(source, blocks.find((text) => text.includes(contains)) ?? '')
  await compile({ clang, cpu: 'v2' }, source, object, `-DMR_HOOK_${hook}`)
  return object
}

describe.each(clangs)('%s', (clang) => {
  const hooks = [
    { hook: 'XDP', pass: 2, drop: 1, alone: 2 },
    { hook: 'TC', pass: 0, drop: 2, alone: 0xffff_ffff },
  ] as const
  const to = (destinationPort: number, source = '192.0.2.1') =>
    packet().ethernet().ipv4({ source }).tcp({ destinationPort }).build()

  it.each(hooks)("the README's first example runs at $hook", async ({ hook, pass, drop }) => {
    using object = loadSync(await readmeObject('no_telnet', clang, hook))
    const run = (data: Uint8Array) => object.programs.no_telnet?.testRun({ data }).returnValue
    expect(run(to(80))).toBe(pass)
    expect(run(to(23))).toBe(drop)
  })

  it.each(hooks)("the README's stages run one after the other at $hook", async ({ hook, alone, drop }) => {
    const file = await readmeObject('MR_STAGE', clang, hook)
    using classify = loadSync(file)
    using decide = loadSync(file)
    goOn(classify, decide.programs.no_telnet)
    const run = (data: Uint8Array) => (classify.programs.classify?.testRun({ data }).returnValue ?? 0) >>> 0
    expect(run(to(80))).toBe(alone)
    expect(run(to(23))).toBe(drop)
    expect(run(to(23, '10.0.0.1'))).toBe(alone)
  })
})

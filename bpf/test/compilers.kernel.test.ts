import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSync } from '@millrace/core'
import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { check, clangs, compile, headers, targets } from './compilers.js'

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

describe.each(clangs)('%s', (clang) => {
  it.each(['XDP', 'TC'])("the README's first example runs at %s", async (hook) => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const source = join(folder, 'readme.bpf.c')
    writeFileSync(source, /```c\n(.*?)```/s.exec(readme)?.[1] ?? '')
    await compile({ clang, cpu: 'v2' }, source, join(folder, 'readme.o'), `-DMR_HOOK_${hook}`)
    using object = loadSync(join(folder, 'readme.o'))
    const to = (destinationPort: number) =>
      object.programs.no_telnet?.testRun({ data: packet().ethernet().ipv4().tcp({ destinationPort }).build() })
    const [pass, drop] = hook === 'XDP' ? [2, 1] : [0, 2]
    expect(to(80)?.returnValue).toBe(pass)
    expect(to(23)?.returnValue).toBe(drop)
  })
})

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { bpf2ts } from '../src/index.js'
import { biomeFormat } from './biome.js'
import { compileBpf, temporaryFolder } from './clang.js'

const folder = temporaryFolder()
const fixture = readFileSync(new URL('./c/everything.bpf.c', import.meta.url), 'utf8')
let everything: Uint8Array

beforeAll(() => {
  everything = compileBpf(folder, 'everything', fixture)
})

describe('bpf2ts', () => {
  // The expected module is a file of the repository, so that `npm run check` compiles and lints it with the strictest settings.
  it('writes one of everything', async () => {
    const module = bpf2ts(everything, { file: 'everything.bpf.o', types: ['ip_mode', 'address'] })
    await expect(module).toMatchFileSnapshot('./expected/everything.bpf.ts')
  })

  it('writes what Biome would', () => {
    const module = bpf2ts(everything, { file: 'everything.bpf.o' })
    expect(biomeFormat(module)).toBe(module)
  })

  it('writes the same for the same object', () => {
    const again = compileBpf(folder, 'again', fixture)
    expect(bpf2ts(again, { file: 'x.bpf.o' })).toBe(bpf2ts(everything, { file: 'some/where/x.bpf.o' }))
  })

  it('names the object after its file, or as it is told', () => {
    expect(bpf2ts(everything, { file: 'build/my-firewall.bpf.o' })).toContain(
      'export const myFirewall = defineObject({',
    )
    expect(bpf2ts(everything, { file: 'a.o', name: 'fw' })).toContain('export const fw = defineObject({')
    expect(bpf2ts(everything, { file: 'switch.bpf.o' })).toContain('export const switchObject = defineObject({')
    expect(bpf2ts(everything, { file: '6in4.bpf.o' })).toContain('export const _6in4 = defineObject({')
  })

  it('refers to the object file where it is', () => {
    expect(bpf2ts(everything, { file: 'a.bpf.o', url: '../b/a.bpf.o' })).toContain(
      "new URL('../b/a.bpf.o', import.meta.url)",
    )
  })

  it('declares a type that nothing is of when asked for it', () => {
    const source = '#include "declare.h"\nstruct odd { int x; };\nint f(struct odd *o) { return o->x; }\n'
    const object = compileBpf(folder, 'odd', source)
    expect(bpf2ts(object, { file: 'odd.bpf.o' })).not.toContain('Odd')
    expect(bpf2ts(object, { file: 'odd.bpf.o', types: ['odd'] })).toContain('export const Odd: Codec<Odd>')
  })

  it('declares the metadata that stages pass on', () => {
    const marker = 'static const struct hint *const __metadata_of_packets SEC(".millrace") __attribute__((used));'
    const object = compileBpf(folder, 'hint', `#include "declare.h"\nstruct hint { __u32 service; };\n${marker}\n`)
    expect(bpf2ts(object, { file: 'hint.bpf.o' })).toContain('export const Hint: Codec<Hint>')
  })

  it('imports nothing that it does not use', () => {
    const object = compileBpf(folder, 'empty', '#include "declare.h"\nint unused;\n')
    expect(
      bpf2ts(object, { file: 'empty.bpf.o' }),
    ).toBe(`// Written by bpf2ts from empty.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { i32 } from '@millrace/maps'

/** What empty.bpf.o declares; \`load(empty)\` of @millrace/core loads it. */
export const empty = defineObject({
  name: 'empty',
  file: new URL('./empty.bpf.o', import.meta.url),
  maps: {},
  programs: {},
  constants: {},
  variables: {
    unused: { name: 'unused', section: '.bss', offset: 0, codec: i32 },
  },
})
`)
  })
})

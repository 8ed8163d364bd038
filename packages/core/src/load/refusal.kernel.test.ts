import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { basic } from '../../test/generated/basic.bpf.js'
import { objectFile } from '../../test/support/objects.js'
import { ArgumentError, ClosedError, MapIncompatibleError, ObjectFileError, VerifierError } from '../errors/index.js'
import { listMaps, listPrograms } from '../list.js'
import { RawMap } from '../raw-map.js'
import { load, loadSync } from './load.js'

const programs = [
  'reads_past_packet',
  'uses_null',
  'loops_forever',
  'calls_wrong_helper',
  'calls_unknown_helper',
  'relocates_nothing',
]

async function refusalOf(program: string): Promise<unknown> {
  return load(objectFile('refused'), { omit: programs.filter((it) => it !== program) }).then(
    (object) => object.close(),
    (error: unknown) => error,
  )
}

describe('a program that the verifier refuses', () => {
  it.each([
    [
      'reads_past_packet',
      19,
      'return data[13] == 8 ? XDP_DROP : XDP_PASS;',
      /invalid access to packet.*compare with data_end first/,
    ],
    ['uses_null', 28, 'return *value == 0 ? XDP_DROP : XDP_PASS;', /'map_value_or_null' \(the pointer may be NULL/],
    ['loops_forever', 37, 'turns += 2;', /infinite loop detected.*give it a constant bound/],
    ['calls_wrong_helper', 45, 'bpf_skb_load_bytes(ctx, 0', /this kind of program does not have the helper/],
    ['calls_unknown_helper', 54, 'no_such_helper(ctx)', /invalid func unknown#9999/],
    [
      'relocates_nothing',
      67,
      'return it->no_such_field;',
      /^the running kernel has no struct no_such_struct___kernel\.no_such_field \(CO-RE relocation\)$/,
    ],
  ])('%s: names the C line and the reason, and keeps the log', async (program, number, text, reason) => {
    const error = await refusalOf(program)
    expect(error).toBeInstanceOf(VerifierError)
    expect(error).toMatchObject({
      code: 'ERR_VERIFIER',
      program,
      line: {
        file: 'refused.bpf.c',
        number,
        text: expect.stringContaining(text),
      },
      reason: expect.stringMatching(reason),
      log: expect.stringMatching(/BEGIN PROG LOAD LOG[\s\S]*processed \d+ insns/),
    })
    const { message } = error as VerifierError
    expect(message.split('\n')[0]).toMatch(`the verifier refused program ${program}: `)
    expect(message.split('\n')[1]).toMatch(`refused.bpf.c:${number}: `)
    expect(message.split('\n')).toHaveLength(2)
  })

  it('does not print the whole log with the stack', async () => {
    const { inspect } = await import('node:util')
    expect(inspect(await refusalOf('uses_null'))).not.toContain('processed')
  })

  it('is refused in the same way on this thread', () => {
    expect(() => loadSync(objectFile('refused'))).toThrow(VerifierError)
  })

  it('leaves no map and no program behind', async () => {
    const before = new Set(listMaps().map(({ id }) => id))
    await refusalOf('uses_null')
    const left = () => listMaps().filter(({ id, name }) => !before.has(id) && name === 'table')
    await expect.poll(left).toEqual([])
    expect(listPrograms().filter(({ name }) => programs.includes(name))).toEqual([])
  })
})

describe('a file that is no object', () => {
  const bytesOf = () => readFileSync(objectFile('basic'))

  it.each([
    ['nothing', () => new Uint8Array()],
    ['text', () => new TextEncoder().encode('int main() { return 0; }')],
    ['the first half of an object', () => bytesOf().subarray(0, 2000)],
    ['a program of this machine', () => readFileSync('/bin/true')],
    ['an object with a spoilt header', () => bytesOf().fill(0xff, 40, 64)],
  ])('%s: is an ObjectFileError with a reason', async (_, bytes) => {
    await expect(load(bytes())).rejects.toThrow(ObjectFileError)
    await expect(load(bytes())).rejects.toThrow(/^the object that was given as bytes: .{5}/)
  })

  it('missing: says which', async () => {
    await expect(load('/no/such/firewall.bpf.o')).rejects.toThrow(ObjectFileError)
    await expect(load('/no/such/firewall.bpf.o')).rejects.toThrow(
      /^\/no\/such\/firewall\.bpf\.o: cannot be read: ENOENT/,
    )
    expect(() => loadSync('/no/such/firewall.bpf.o')).toThrow(ObjectFileError)
    const spec = {
      name: 'firewall',
      file: '/no/such/firewall.bpf.o',
      maps: {},
      programs: {},
      constants: {},
      variables: {},
    }
    await expect(load(spec)).rejects.toThrow(/copy it there from where the module was/)
    expect(() => loadSync(spec)).toThrow(/copy it there from where the module was/)
  })

  it('without a section that libbpf knows: names it', async () => {
    const source = 'int f(void *c) { return 0; } char l[] __attribute__((section("license"))) = "GPL";'
    const out = `${tmpdir()}/millrace-${process.pid}-section.o`
    writeFileSync(`${out}.c`, source.replace('int f', '__attribute__((section("nosuchhook"))) int f'))
    execFileSync('clang-19', ['-target', 'bpf', '-O2', '-g', '-Wno-unused', '-c', `${out}.c`, '-o', out])
    const error = await load(out).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ObjectFileError)
    expect((error as Error).message).toMatch(/nosuchhook/)
    execFileSync('rm', [out, `${out}.c`])
  })

  it('without the BTF that its maps need: says how to get it', async () => {
    const source = 'struct { int (*type)[2]; } m __attribute__((section(".maps")));'
    const out = `${tmpdir()}/millrace-${process.pid}-no-btf.o`
    writeFileSync(`${out}.c`, source)
    execFileSync('clang-19', ['-target', 'bpf', '-O2', '-c', `${out}.c`, '-o', out])
    const error = await load(out).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ObjectFileError)
    expect((error as Error).message).toMatch(/BTF is required.* Compile it with clang -g, and do not strip it/)
    execFileSync('rm', [out, `${out}.c`])
  })
})

describe('bad arguments', () => {
  it.each([
    [{ constant: {} }, 'options', /did you mean constants/],
    [
      { constants: { verdikt: 1 } },
      'options.constants',
      /'verdikt', expected one of the constants verdict, threshold, enabled; did you mean verdict/,
    ],
    [{ constants: { verdict: -1 } }, 'options.constants.verdict', /is -1, expected/],
    [{ constants: { verdict: 1n } }, 'options.constants.verdict', /is 1n, expected/],
    [{ constants: { threshold: 60 } }, 'options.constants.threshold', /is 60, expected a bigint/],
    [{ constants: 5 }, 'options.constants', /an object of constants/],
    [{ maps: { counter: {} } }, 'options.maps', /did you mean counters/],
    [{ maps: { counters: { maxEntrys: 1 } } }, 'options.maps.counters', /did you mean maxEntries/],
    [{ maps: { counters: { maxEntries: 0 } } }, 'options.maps.counters.maxEntries', /from 1 to 4294967295/],
    [{ maps: { counters: { replace: {} } } }, 'options.maps.counters.replace', /an open map/],
    [{ maps: { counters: { replace: null } } }, 'options.maps.counters.replace', /an open map/],
    [{ maps: { counters: { pin: 5 } } }, 'options.maps.counters.pin', /a string/],
    [{ omit: ['decid'] }, 'options.omit', /did you mean decide/],
    [{ omit: [5] }, 'options.omit', /a string/],
    [{ omit: 'decide' }, 'options.omit', /an array of program names/],
    [{ pinRoot: '' }, 'options.pinRoot', /a string/],
    [{ btf: '/no/such/file' }, 'options.btf', /the path of a file that exists/],
    [{ logLevel: 9 }, 'options.logLevel', /from 0 to 2/],
    [{ signal: {} }, 'options.signal', /an AbortSignal/],
  ])('%o: names the argument and what was expected', async (options, argument, message) => {
    const error = await load(basic, options as never).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ArgumentError)
    expect(error).toMatchObject({ argument, message: expect.stringMatching(message) })
  })

  it.each([
    [undefined],
    [5],
    [''],
    [{}],
    [{ programs: {}, file: objectFile('basic') }],
    [new URL('http://example.org/x.o')],
    ['file:///%ff'],
  ])('%o is no source', async (source) => {
    await expect(load(source as never)).rejects.toThrow(/^source is .*, expected a spec that bpf2ts wrote, a path/)
  })

  it('of a size that no map can have come with that size', async () => {
    const maps = { counters: { maxEntries: 2 ** 32 - 1 } }
    await expect(load(basic, { maps })).rejects.toThrow(/array map counters: .*16 bytes a value and 4294967295 entries/)
  })

  it('refuses a replacement that does not fit, or is closed', async () => {
    using other = RawMap.create({ type: 'hash', name: 'other', keySize: 8, valueSize: 16, maxEntries: 4 })
    const error = await load(basic, { maps: { counters: { replace: other } } }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(MapIncompatibleError)
    expect(error).toMatchObject({
      path: '',
      differences: [
        { field: 'type', pinned: 'hash', wanted: 'array' },
        { field: 'keySize', pinned: 8, wanted: 4 },
      ],
    })
    other.close()
    await expect(load(basic, { maps: { counters: { replace: other } } })).rejects.toThrow(ClosedError)
  })
})

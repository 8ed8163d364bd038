import path from 'node:path'
import { MillraceError } from '@millrace/core'
import { build } from 'tsup'
import { describe, expect, it } from 'vitest'
import { bpf2ts, CodegenError, NameError, ObjectFormatError, UnsupportedError } from '../src/index.js'
import { compileBpf, temporaryFolder } from './clang.js'
import { BtfBuilder, elf } from './handmade.js'

const folder = temporaryFolder()

/** The error for a piece of C. */
function refusalOf(source: string, options: { types?: string[]; clang?: string[] } = {}): CodegenError {
  const object = compileBpf(folder, 'refused', `#include "declare.h"\n${source}`, options.clang ?? ['-g'])
  return errorOf(() => bpf2ts(object, { file: 'refused.bpf.o', types: options.types }))
}

function errorOf(run: () => unknown): CodegenError {
  try {
    run()
  } catch (error) {
    if (error instanceof CodegenError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const map = (members: string) => `struct { ${members} __uint(max_entries, 16); } flows SEC(".maps");`
/** The array of no length has to be the last. */
const nested = (type: string, inner: string) =>
  `struct { __uint(type, BPF_MAP_TYPE_${type}_OF_MAPS); __array(values, ${inner}); } flows SEC(".maps");`
const hash = '__uint(type, BPF_MAP_TYPE_HASH);'

describe('types without a TypeScript form', () => {
  it.each<[name: string, source: string, message: string]>([
    [
      'a pointer in a value',
      `struct node { __u32 id; struct node *next; }; ${map(`${hash} __type(key, __u32); __type(value, struct node);`)}`,
      'field next of struct node is a pointer. Hold the value itself, or a __u64: the address means nothing to user space.',
    ],
    [
      'an array of pointers in an anonymous struct',
      `struct outer { struct { void *all[4]; } in; }; ${map(`${hash} __type(key, __u32); __type(value, struct outer);`)}`,
      'field all of struct outer_in is a pointer. Hold the value itself, or a __u64: the address means nothing to user space.',
    ],
    [
      'a key that is a pointer',
      map(`${hash} __type(key, void *); __type(value, __u32);`),
      'the key of map flows is a pointer. Hold the value itself, or a __u64: the address means nothing to user space.',
    ],
    [
      'a global pointer',
      'void *cursor;',
      'variable cursor is a pointer. Hold the value itself, or a __u64: the address means nothing to user space. Or make the variable static: it is then the business of the C alone.',
    ],
    [
      'a flexible array',
      `struct log { __u32 length; char text[]; }; ${map(`${hash} __type(key, __u32); __type(value, struct log);`)}`,
      'field text of struct log is an array without a length. Give it the greatest length that it may have: codecs are of fixed size.',
    ],
    [
      'a struct of nothing that user space may see',
      'struct bpf_timer { __u64 opaque[2]; }; struct only { struct bpf_timer timer; }; struct only value;',
      'struct only has no member that user space could see. Give it one, or use an integer in its place.',
    ],
    [
      'a very wide bit-field',
      'struct wide { unsigned __int128 bits : 100; }; struct wide value;',
      'field bits of struct wide is a bit-field of 100 bits. Bit-fields have up to 64 bits here; use an __int128 without a width.',
    ],
  ])('%s', (_, source, message) => {
    const error = refusalOf(source)
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error.code).toBe('ERR_UNSUPPORTED')
    expect(error.message).toBe(message)
  })

  it('carries its parts', () => {
    expect(refusalOf('void *cursor;')).toMatchObject({ subject: 'variable cursor', problem: 'is a pointer' })
  })
})

describe('maps', () => {
  it.each<[name: string, source: string, message: string]>([
    [
      'of a kind without a class',
      map('__uint(type, 7); __type(key, __u32);'),
      'map flows is of type stack_trace, for which there is no typed class yet.',
    ],
    ['of a kind that nobody knows', map('__uint(type, 77);'), 'map flows is of type type 77, for which'],
    ['without a type', map('__type(key, __u32);'), 'map flows is of type unspec, for which'],
    [
      'without a key',
      map(`${hash} __type(value, __u32);`),
      'map flows of type hash does not say what its keys are. Add __type(key, ...) to it.',
    ],
    [
      'without a value',
      map(`${hash} __type(key, __u32);`),
      'map flows of type hash does not say what its values are. Add __type(value, ...) to it.',
    ],
    [
      'a map of sockets without a value',
      map('__uint(type, BPF_MAP_TYPE_SOCKMAP); __type(key, __u32);'),
      'map flows of type sockmap does not say what its values are. Add __type(value, ...) to it.',
    ],
    [
      'a ring buffer without a marker',
      map('__uint(type, BPF_MAP_TYPE_RINGBUF);'),
      'ring buffer flows does not say what its events are. Declare it by MR_EVENTS(flows, struct ..., size) of millrace/events.h.',
    ],
    [
      'a perf event array without a marker',
      map('__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);'),
      'perf event array flows does not say what its events are. Declare it by MR_PERF_EVENTS(flows, struct ...) of millrace/events.h.',
    ],
    [
      'a map of maps that does not say of which',
      map('__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __type(key, __u32); __type(value, __u32);'),
      'map flows does not say what its maps are. Add __array(values, struct { ... }) to it, with the members by which such a map is declared.',
    ],
    [
      'a map of maps without a key',
      nested('HASH', `struct { ${hash} }`),
      'map flows of type hash_of_maps does not say what its keys are. Add __type(key, ...) to it.',
    ],
    [
      'a map of maps that lack something',
      nested('ARRAY', `struct { ${hash} __type(key, __u32); }`),
      'map flows.inner of type hash does not say what its values are. Add __type(value, ...) to it.',
    ],
    [
      'a map of what is no map',
      nested('ARRAY', 'int(void)'),
      'map flows holds what is no struct of __uint() and __type() members.',
    ],
    [
      'a map of program arrays',
      nested('ARRAY', 'struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); }'),
      'map flows holds maps of a kind that the kernel does not take inside of another. Inner maps are neither program arrays nor maps of maps.',
    ],
    [
      'a map of ring buffers without a marker',
      nested('ARRAY', 'struct { __uint(type, BPF_MAP_TYPE_RINGBUF); }'),
      'map of ring buffers flows does not say what its events are. Add the marker that MR_EVENTS() writes: static const struct ... *const __event_of_flows SEC(".millrace");',
    ],
    [
      'a marker of nothing',
      `${map('__uint(type, BPF_MAP_TYPE_RINGBUF);')} static const int __event_of_flows SEC(".millrace") = 1;`,
      'marker __event_of_flows does not point to a type.',
    ],
    [
      'a marker of metadata by hand',
      'static const int __metadata_of_packets SEC(".millrace") = 1;',
      'marker __metadata_of_packets does not point to a type.',
    ],
  ])('%s', (_, source, message) => {
    const error = refusalOf(source)
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error.message).toContain(message)
  })

  it('a marker of a ring buffer that is not there', () => {
    const error = refusalOf('static const int *const __event_of_drops SEC(".millrace");')
    expect(error).toBeInstanceOf(NameError)
    expect(error).toMatchObject({ names: ['drops'] })
  })
})

describe('programs', () => {
  it('in a section that libbpf does not know', () => {
    const error = refusalOf('SEC("xdp_drop") int drop(void *ctx) { return 1; }')
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error.message).toContain('program drop is in section "xdp_drop", which libbpf does not know.')
  })
})

describe('names', () => {
  it.each<[name: string, source: string, message: string]>([
    [
      'of fields that collide',
      'struct flow { int a_b; struct { int aB; }; }; struct flow value;',
      'a_b and aB of struct flow are both aB in TypeScript.',
    ],
    ['of variables that collide', 'int is_on, isOn;', "is_on and isOn of the object's variables are both isOn"],
    [
      'of programs that collide',
      'SEC("xdp") int a_b(void *c) { return 0; } SEC("xdp") int aB(void *c) { return 0; }',
      "a_b and aB of the object's programs are both aB",
    ],
  ])('%s', (_, source, message) => {
    const error = refusalOf(source)
    expect(error).toBeInstanceOf(NameError)
    expect(error.code).toBe('ERR_NAME')
    expect(error.message).toContain(message)
  })

  it('of a type that the object does not have', () => {
    const error = refusalOf('int x;', { types: ['flow'] })
    expect(error).toBeInstanceOf(NameError)
    expect(error.message).toMatch(/^the object has no struct, union or enum flow\. /)
  })

  it('of the object that are no identifier', () => {
    const object = compileBpf(folder, 'fine', 'int x;')
    expect(errorOf(() => bpf2ts(object, { file: 'fine.bpf.o', name: 'my-firewall' }))).toBeInstanceOf(NameError)
  })
})

describe('files', () => {
  it.each<[name: string, object: () => Uint8Array, message: RegExp]>([
    ['that are no ELF', () => Buffer.from('int main(void) { return 0; }'.repeat(9)), /^the file is not an ELF object/],
    ['that are empty', () => new Uint8Array(), /^the file is not an ELF object/],
    [
      'without type information',
      () => compileBpf(folder, 'bare', 'int x;', []),
      /no type information \(BTF\)\. Compile with -g/,
    ],
    [
      'of a big-endian machine',
      () => compileBpf(folder, 'big', 'int x;', ['-g', '-target', 'bpfeb']),
      /is big-endian or 32-bit/,
    ],
    ['for another processor', () => elf([]).with(18, 62), /for another machine \(62\)/],
    ['with maps of the old kind', () => elf([{ name: 'maps' }, { name: '.BTF' }]), /old section "maps"/],
  ])('%s', (_, object, message) => {
    const error = errorOf(() => bpf2ts(object(), { file: 'x.o' }))
    expect(error).toBeInstanceOf(ObjectFormatError)
    expect(error.code).toBe('ERR_OBJECT_FORMAT')
    expect(error.message).toMatch(message)
  })

  it('whose symbols were stripped', () => {
    const btf = new BtfBuilder()
    btf.dataSection('.bss', [btf.variable('x', btf.int('int', 4))])
    const error = errorOf(() => bpf2ts(elf([{ name: '.bss' }, { name: '.BTF', bytes: btf.build() }]), { file: 'x.o' }))
    expect(error.message).toBe('variable x of section .bss is not in the symbol table. Was it stripped?')
  })
})

describe('errors', () => {
  it('are instances of their classes also across copies of the package', async () => {
    const copy = await import('../src/errors.js?copy' as string)
    const error = new copy.NameError('x', [])
    expect(copy.NameError).not.toBe(NameError)
    expect(error).toBeInstanceOf(NameError)
    expect(error).toBeInstanceOf(CodegenError)
    expect(error).not.toBeInstanceOf(UnsupportedError)
    expect(error.name).toBe('NameError')
  })

  it('keep their names in a bundle', async () => {
    const entry = { index: new URL('../src/errors.ts', import.meta.url).pathname }
    const outExtension = () => ({ js: '.mjs' })
    await build({ config: false, entry, format: 'esm', target: 'node20', silent: true, outDir: folder, outExtension })
    const bundle = await import(path.join(folder, 'index.mjs'))
    expect(bundle.NameError.name).toBe('NameError')
  })

  it('are errors of Millrace', () => {
    expect(new NameError('x', [])).toBeInstanceOf(MillraceError)
  })

  it('are no instances of what extends their class', () => {
    class Special extends CodegenError {
      override readonly code = 'ERR_SPECIAL'
    }
    expect(new NameError('x', [])).not.toBeInstanceOf(Special)
    expect(new Special()).toBeInstanceOf(Special)
    expect(new Special()).toBeInstanceOf(CodegenError)
  })
})

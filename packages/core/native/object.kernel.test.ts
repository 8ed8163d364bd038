import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Failure, type Handle, type NativeObject, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()
const layouts = readFileSync(objectFile('native-layouts'))
const open: Handle[] = []

/** The answer of a call that is expected to succeed. */
function must<T extends object>(answer: T | Failure): T {
  if ('errno' in answer) throw new Error(`errno ${answer.errno}: ${answer.log}`)
  return answer
}
function openObject(bytes: Uint8Array = layouts): NativeObject {
  const object = must(native.objectOpen(bytes, 'native', {}))
  open.push(object.handle)
  return object
}
afterEach(() => {
  for (const handle of open.splice(0)) native.close(handle)
})

describe('an object that is opened', () => {
  it('tells the layout of keys and values', () => {
    const map = openObject().maps.find(({ name }) => name === 'everything')
    expect(map?.key).toEqual(['size 8', '*[2] u32 @0'])
    expect(map?.value).toEqual([
      'size 128',
      'name[6] i8 @0',
      'flag bool8 @48',
      'small i8 @56',
      'low u3 @64',
      'high i5 @67',
      'alone u8 @72',
      'address be32 @96',
      'one.a u16 @128',
      'one.port be16 @144',
      'many[2][3] struct4 @160',
      'many[2][3].a u16 @160',
      'many[2][3].port be16 @176',
      'colour u32 @352',
      'sign i32 @384',
      'wide u64 @448',
      'word u64 @512',
      'bytes[8] u8 @512',
      'named.network be64 @576',
      'pointer ptr64 @640',
      'wider u128 @768',
      'real f64 @896',
      'qualified i32 @960',
    ])
  })

  it('has maps without types, and sections as maps', () => {
    const { maps } = openObject()
    expect(maps.find(({ name }) => name === 'untyped')).toMatchObject({ valueSize: 8, key: null, value: null })
    const sections = maps.filter(({ isInternal }) => isInternal).map(({ name }) => name)
    expect(sections.sort()).toEqual(['.bss', '.data', '.rodata', '.rodata.aside'])
  })

  it('tells where its variables are, and what the markers of events point to', () => {
    const variables = openObject().variables.map(({ name, section, offset, layout }) => [name, section, offset, layout])
    expect(variables).toEqual(
      expect.arrayContaining([
        ['limit', '.rodata', 0, ['size 4', '* u32 @0']],
        ['aside', '.rodata.aside', 0, ['size 8', '* u64 @0']],
        ['counted', '.data', 0, ['size 4', '* u32 @0']],
        ['total', '.bss', 0, ['size 8', '* u64 @0']],
        ['__event_of_first', '.millrace', 0, ['size 4', 'number u32 @0']],
        ['__event_of_second', '.millrace', 8, ['size 8', 'number u64 @0']],
      ]),
    )
    expect(variables).toHaveLength(6)
  })

  it('tells its programs apart', () => {
    expect(openObject().programs).toEqual([
      { name: 'frags', section: 'xdp.frags', type: 6, attachType: 37, autoload: true, flags: 0 },
      { name: 'classify', section: 'tc', type: 3, attachType: 0, autoload: true, flags: 0 },
    ])
  })

  it('is written to within its sections only', () => {
    const { handle } = openObject()
    const write = (section: string, offset: number, length: number) =>
      native.objectWriteData(handle, section, offset, new Uint8Array(length))
    expect(write('.rodata', 0, 4)).toBe(0)
    expect(write('.rodata', 4, 0)).toBe(0)
    expect(write('.rodata', 1, 4)).toBe(-errno.EINVAL)
    expect(write('.rodata', -1, 1)).toBe(-errno.EINVAL)
    expect(write('.rodata', 2 ** 53, 1)).toBe(-errno.EINVAL)
    expect(write('.nowhere', 0, 1)).toBe(-errno.ENOENT)
    expect(native.objectSetMap(handle, 'nowhere', {})).toBe(-errno.ENOENT)
    expect(native.objectSetProgram(handle, 'nowhere', {})).toBe(-errno.ENOENT)
  })

  it('does not need the bytes that it came from', () => {
    const bytes = Uint8Array.from(layouts)
    const { handle } = openObject(bytes)
    bytes.fill(0xff)
    const loaded = must(native.objectLoadSync(handle))
    open.push(...Object.values(loaded.maps), ...Object.values(loaded.programs))
    expect(Object.keys(loaded.programs)).toEqual(['frags', 'classify'])
  })

  it('may begin at any address', () => {
    for (let shift = 1; shift < 8; shift++) {
      const room = new Uint8Array(layouts.length + shift)
      room.set(layouts, shift)
      expect(openObject(room.subarray(shift)).programs).toHaveLength(2)
    }
  })
})

describe('loading', () => {
  it('happens once, and leaves out what was switched off', async () => {
    const { handle } = openObject()
    expect(native.objectSetProgram(handle, 'classify', { autoload: false })).toBe(0)
    const loading = native.objectLoad(handle)
    // A thread works on it.
    expect(native.close(handle)).toBe(-errno.EBUSY)
    expect(native.objectLoadSync(handle)).toEqual({ errno: errno.EBUSY, log: '' })
    expect(await native.objectLoad(handle)).toEqual({ errno: errno.EBUSY, log: '' })
    expect(native.objectSetMap(handle, 'everything', { maxEntries: 2 })).toBe(-errno.EBUSY)
    const loaded = must(await loading)
    open.push(...Object.values(loaded.maps), ...Object.values(loaded.programs))
    expect(Object.keys(loaded.programs)).toEqual(['frags'])
    expect(native.objectLoadSync(handle)).toEqual({ errno: errno.EBUSY, log: '' })
    expect(native.close(handle)).toBe(0)
  })

  it('keeps the name that a replaced map has in C', () => {
    const { handle } = openObject()
    const shared = native.mapCreate(2, 'other_name', 4, 8, 1, 0) as Handle
    open.push(shared)
    expect(native.objectSetMap(handle, 'untyped', { reuse: shared })).toBe(0)
    const loaded = must(native.objectLoadSync(handle))
    open.push(...Object.values(loaded.maps), ...Object.values(loaded.programs))
    const map = must(native.mapInfo(loaded.maps.untyped ?? 0))
    expect(map.id).toBe(must(native.mapInfo(shared)).id)
  })
})

describe('bytes that are no object', () => {
  // Offsets in Elf64_Ehdr.
  const type = 16
  const machine = 18
  const version = 20
  const sectionHeaders = 40
  const sectionHeaderSize = 58
  const sectionCount = 60
  const sectionNames = 62
  const changes: [what: string, offset: number, change: number, reason: string][] = [
    ['magic', 0, 0, 'not an ELF file'],
    ['32 bits', 4, 1, "not a 64-bit ELF file of this machine's byte order"],
    ['byte order', 5, 2, "not a 64-bit ELF file of this machine's byte order"],
    ['version', version, 2, 'of an unknown ELF version'],
    ['x86', machine, 62, 'not compiled for BPF (clang -target bpf)'],
    ['executable', type, 2, 'not a relocatable object file (clang -c)'],
    ['header size', sectionHeaderSize, 63, 'has section headers of an unknown size, or program headers'],
    ['no sections', sectionCount, 0, 'section headers lie outside the file'],
    ['too many sections', sectionCount + 1, 0xfe, 'section headers lie outside the file'],
    ['far sections', sectionHeaders + 7, 0x7f, 'section headers lie outside the file'],
    ['names in no section', sectionNames + 1, 0xff, 'has no table of section names'],
    ['names in another section', sectionNames, 3, 'has no table of section names'],
  ]
  it.each(changes)('are refused: %s', (_what, offset, change, reason) => {
    const bytes = Uint8Array.from(layouts)
    bytes[offset] = change
    expect(native.objectOpen(bytes, 'native', {})).toEqual({ errno: errno.ENOEXEC, log: reason })
  })

  it('are refused: too short', () => {
    for (const length of [0, 1, 63])
      expect(native.objectOpen(layouts.subarray(0, length), 'native', {})).toMatchObject({ errno: errno.ENOEXEC })
  })

  it('are refused: any section, symbol or relocation out of place', () => {
    const view = new DataView(layouts.buffer, layouts.byteOffset)
    const headers = Number(view.getBigUint64(sectionHeaders, true))
    const refused = new Set<string>()
    for (let section = 1; section < view.getUint16(sectionCount, true); section++) {
      // name, type, offset, size, link, info, alignment, entry size
      for (const field of [0, 4, 24, 32, 40, 44, 48, 56]) {
        const bytes = Uint8Array.from(layouts)
        new DataView(bytes.buffer).setUint32(headers + 64 * section + field, 0xfffffff7, true)
        const answer = native.objectOpen(bytes, 'native', {})
        if ('errno' in answer) refused.add(answer.log)
        else native.close(answer.handle)
      }
    }
    expect([...refused]).toEqual(
      expect.arrayContaining([
        "a section's name lies outside the table of names",
        'a section lies outside the file',
        'a section is larger than 1 GiB',
        "a section's alignment is no power of two",
        'the symbol table is of an unknown form',
        'the symbol table has no table of names',
        'a relocation table is of an unknown form',
        'a relocation table belongs to no section or has no symbols',
      ]),
    )
  })
})

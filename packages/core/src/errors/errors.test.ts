import { describe, expect, it, vi } from 'vitest'
import * as errors from './index.js'

const samples = {
  AnchorGoneError: new errors.AnchorGoneError({ target: 'tc ingress on eth0', anchor: 'link 12' }),
  ArgumentError: new errors.ArgumentError({
    argument: 'options.maxEntries',
    value: -1,
    expected: 'an integer from 1 to 10',
  }),
  AttachBusyError: new errors.AttachBusyError({
    target: 'XDP on eth0',
    holder: { program: { id: 7, name: 'other' }, linkId: 3 },
  }),
  ClosedError: new errors.ClosedError({ what: 'map', name: 'flows' }),
  InterfaceGoneError: new errors.InterfaceGoneError({ interface: 'eth0', ifindex: 4 }),
  KernelError: new errors.KernelError({ operation: 'open program 9', errno: 2 }),
  MapIncompatibleError: new errors.MapIncompatibleError({
    path: '/sys/fs/bpf/flows',
    differences: [
      { field: 'keySize', pinned: 4, wanted: 8 },
      { field: 'type', pinned: 'hash', wanted: 'lru_hash' },
    ],
  }),
  MapOperationError: new errors.MapOperationError({
    code: 'ERR_MAP_FULL',
    map: 'flows',
    operation: 'set',
    errno: 7,
    reason: 'the map is full',
  }),
  MissingCapabilityError: new errors.MissingCapabilityError({
    capability: 'CAP_BPF',
    operation: 'load an xdp program',
  }),
  NativeBindingError: new errors.NativeBindingError({
    tried: [{ path: '/a/millrace.node', reason: 'no such file' }],
    platform: 'linux-x64-glibc',
    advice: 'Install it.',
  }),
  ObjectFileError: new errors.ObjectFileError({ file: 'firewall.bpf.o', reason: 'no ELF file' }),
  PinError: new errors.PinError({ path: '/tmp/x', reason: '/tmp is not on a bpf filesystem' }),
  RevisionMismatchError: new errors.RevisionMismatchError({ target: 'tc ingress on eth0', expected: 3n, found: 4n }),
  StaleModuleError: new errors.StaleModuleError({
    object: 'firewall.bpf.o',
    differences: [{ what: 'map blocked, value, field packets', object: 'u64 @0', module: 'u32 @0' }],
  }),
  UnexpectedProgramError: new errors.UnexpectedProgramError({
    target: 'XDP on eth0',
    expected: { id: 7, name: 'firewall' },
    found: undefined,
  }),
  UnsupportedKernelError: new errors.UnsupportedKernelError({ feature: 'TCX', needed: '6.6', running: '6.1.0' }),
  VerifierError: new errors.VerifierError({
    program: 'firewall',
    line: { file: 'firewall.bpf.c', number: 42, text: 'return *value;' },
    reason: 'the pointer may be NULL',
    log: '0: R1=ctx()',
  }),
}

describe('errors', () => {
  it('has a sample of each class', () => {
    const classes = Object.keys(errors).filter((name) => name !== 'MillraceError')
    expect(Object.keys(samples).sort()).toEqual(classes.sort())
  })

  it.each(Object.entries(samples))('%s has its name, a code and a message with its fields', (name, error) => {
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(name)
    expect(error.code).toMatch(/^ERR_[A-Z_]+$/)
    expect(error.stack).toContain(`${name}: ${error.message}`)
  })

  it('writes messages that say what, why and what to do', () => {
    const messages = Object.values(samples).map(({ code, message }) => `${code}: ${message}`)
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "ERR_ANCHOR_GONE: link 12 does not stand on tc ingress on eth0; nothing was changed
      ERR_ARGUMENT: options.maxEntries is -1, expected an integer from 1 to 10
      ERR_ATTACH_BUSY: XDP on eth0 is taken by program other (id 7) through link 3
      ERR_CLOSED: the map flows was used after it was closed
      ERR_INTERFACE_GONE: the interface eth0 (index 4) does not exist any more
      ERR_KERNEL: could not open program 9: ENOENT, no such file or directory
      ERR_MAP_INCOMPATIBLE: the map pinned at /sys/fs/bpf/flows is not compatible:
          keySize is 4, wanted 8
          type is hash, wanted lru_hash
      ERR_MAP_FULL: map flows, set: the map is full
      ERR_MISSING_CAPABILITY: to load an xdp program needs CAP_BPF, which this process does not have: run as root or grant it
      ERR_NATIVE_BINDING: the native part of @millrace/core is not available on linux-x64-glibc. Looked for it at:
          /a/millrace.node: no such file
      Install it.
      ERR_OBJECT_FILE: firewall.bpf.o: no ELF file
      ERR_PIN: /tmp/x: /tmp is not on a bpf filesystem
      ERR_REVISION_MISMATCH: tc ingress on eth0 is at revision 4, expected 3; nothing was changed
      ERR_STALE_MODULE: the TypeScript module of firewall.bpf.o is stale, run bpf2ts on the object again:
          map blocked, value, field packets: the object has u64 @0, the module u32 @0
      ERR_UNEXPECTED_PROGRAM: XDP on eth0 has no program, expected program firewall (id 7); nothing was changed
      ERR_UNSUPPORTED_KERNEL: TCX needs Linux 6.6, this is 6.1.0
      ERR_VERIFIER: the verifier refused program firewall: the pointer may be NULL
          firewall.bpf.c:42: return *value;"
    `)
  })

  it('suggests what was probably meant', () => {
    const error = new errors.ArgumentError({
      argument: 'options',
      value: 'constant',
      expected: 'one of constants, maps',
      suggestion: 'constants',
    })
    expect(error.message).toBe("options is 'constant', expected one of constants, maps; did you mean constants?")
  })

  it('keeps a huge value out of the message and in the field', () => {
    const value = new Uint8Array(100_000)
    const error = new errors.ArgumentError({ argument: 'data', value, expected: 'less' })
    expect(error.message.length).toBeLessThan(300)
    expect(error.value).toBe(value)
  })
})

describe('instanceof', () => {
  it.each(Object.entries(samples))('holds for %s of another copy of the package', async (name, error) => {
    vi.resetModules()
    const other = await import('./index.js')
    const Copy = other[name as keyof typeof samples]
    expect(Copy).not.toBe(error.constructor)
    expect(error).toBeInstanceOf(Copy)
    expect(error).toBeInstanceOf(other.MillraceError)
  })

  it('tells the kinds apart', () => {
    for (const [name, error] of Object.entries(samples)) {
      const kinds = Object.entries(samples).filter(([, other]) => error instanceof other.constructor)
      expect(kinds.map(([kind]) => kind)).toEqual([name])
    }
  })

  it('does not take a subclass of an application for its base', () => {
    class Own extends errors.PinError {}
    expect(samples.PinError).not.toBeInstanceOf(Own)
    const own = new Own({ path: '/', reason: 'x' })
    expect(own).toBeInstanceOf(Own)
    expect(own).toBeInstanceOf(errors.PinError)
  })

  it('is false for what is no error at all', () => {
    for (const value of [undefined, null, 1, 'PinError', {}, new Error('x')]) {
      expect(value instanceof (errors.MillraceError as never)).toBe(false)
    }
  })
})

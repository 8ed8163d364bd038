import { type Handle, nativeBinding } from './binding.js'
import { needsBpf } from './capabilities.js'
import { ArgumentError } from './errors/index.js'
import { KernelObject, type KernelObjectFields, openById, orClose } from './kernel-object.js'
import type { ObjectOrigin } from './load/origin.js'
import { openPin } from './pin.js'
import { type ProgramInfo, readProgramInfo } from './program-info.js'
import type { ProgramType } from './program-type.js'
import { type TestRunOptions, type TestRunResult, testRun } from './test-run.js'

/** @internal */
export interface ProgramFields<T extends ProgramType, S extends string> extends KernelObjectFields {
  readonly type: T
  /** known for programs that this process loaded */
  readonly section?: S | undefined
  /** what loading it once more takes; for programs that this process loaded */
  readonly origin?: ObjectOrigin | undefined
}

/**
 * A program in the kernel. `T` is its kind, so that only a hook of that kind takes it: `attachXdp` wants a `Program<'xdp'>`.
 *
 * @typeParam T - as bpftool prints it
 * @typeParam S - ELF section, which tells hooks apart that run the same kind: `cgroup/connect4` from `cgroup/bind4`
 *
 * @example
 * ```ts
 * import { Program } from '@millrace/core'
 *
 * using program = Program.open('/sys/fs/bpf/firewall').as('xdp')
 * const { returnValue, durationNs } = program.testRun({ data: new Uint8Array(64), repeat: 1000 })
 * console.log(program.info().tag, returnValue, durationNs)
 * ```
 */
export class Program<T extends ProgramType = ProgramType, S extends string = string> extends KernelObject {
  readonly type: T
  /** ELF section, such as `xdp.frags`; undefined for a program that was opened and not loaded */
  readonly section: S | undefined
  /** @internal See `originOf` */
  readonly origin: ObjectOrigin | undefined

  /** @internal */
  constructor(fields: ProgramFields<T, S>) {
    super('program', fields)
    this.type = fields.type
    this.section = fields.section
    this.origin = fields.origin
  }

  /**
   * Opens a pinned program.
   *
   * @throws PinError, MissingCapabilityError
   */
  static open(path: string): Program {
    return Program.fromHandle(openPin(nativeBinding(), 'program', path), { pinPath: path })
  }

  /**
   * Opens a program of the system by its id.
   *
   * @throws KernelError (ENOENT when there is none of this id), MissingCapabilityError
   */
  static openById(id: number): Program {
    return Program.fromHandle(openById('program', id))
  }

  /** @internal Takes over a handle. */
  static fromHandle(handle: Handle, fields: Partial<ProgramFields<ProgramType, string>> = {}): Program {
    const { name, type } = orClose(handle, readProgramInfo)
    return new Program({ name, type, ...fields, handle })
  }

  /**
   * The same program, with its kind known to the compiler.
   *
   * @throws ArgumentError when it is of another kind
   */
  as<U extends ProgramType>(type: U): Program<U, S> {
    if (!this.isOf(type)) {
      throw new ArgumentError({
        argument: 'type',
        value: type,
        expected: `${this.type}, the kind of program ${this.name}`,
      })
    }
    return this
  }

  /** What the kernel says of the program: all that `bpftool prog show` prints. */
  info(): ProgramInfo {
    this.checkOpen()
    return readProgramInfo(this.handle)
  }

  /**
   * The instructions as the verifier translated them, 8 bytes each; what `bpftool prog dump xlated` shows.
   *
   * @throws MissingCapabilityError
   */
  instructions(): Uint8Array {
    this.checkOpen()
    const bytes = this.native.programInstructions(this.handle)
    if (bytes instanceof Uint8Array) return bytes
    return this.refuse({
      operation: `read the instructions of ${this.name}`,
      errno: bytes.errno,
      needs: needsBpf,
    })
  }

  /**
   * Runs the program over a packet, in the kernel and without any network (BPF_PROG_TEST_RUN).
   *
   * @throws ArgumentError, MissingCapabilityError, UnsupportedKernelError
   * @throws KernelError when the kernel cannot run it: the kind has no test run, or the packet is too short or too long
   *
   * @example
   * ```ts
   * import { load } from '@millrace/core'
   * import { firewall } from './firewall.bpf.js'
   *
   * using fw = await load(firewall)
   * const { returnValue } = fw.programs.firewall.testRun({ data: new Uint8Array(64) })
   * console.log(returnValue === 2 ? 'XDP_PASS' : 'dropped')
   * ```
   */
  testRun(options: TestRunOptions): TestRunResult {
    this.checkOpen()
    const result = testRun(this.native, this.handle, this.type, options)
    return 'operation' in result ? this.refuse(result) : result
  }

  private isOf<U extends ProgramType>(type: U): this is Program<U, S> {
    return (this.type as ProgramType) === type
  }
}

import type { Binding, Handle, NativeTestRunOptions, NativeTestRunResult } from './binding.js'
import { needsBpf } from './capabilities.js'
import { checkBoolean, checkBytes, checkInteger, checkOptions } from './check.js'
import { errno } from './errno.js'
import { ArgumentError } from './errors/index.js'
import type { Attempt } from './explain.js'
import type { ProgramType } from './program-type.js'

/** What a program is run over. */
export interface TestRunOptions {
  /** the packet; programs at XDP and tc want at least an Ethernet header, 14 bytes */
  readonly data?: Uint8Array | undefined
  /** the kernel's context struct, such as `struct xdp_md` (Linux 5.15) or `struct __sk_buff`, where the kind of program takes one */
  readonly context?: Uint8Array | undefined
  /**
   * runs; default 1. The packet is not restored between them. Many are begun anew when the kernel breaks them off within a second, which it
   * also does for nothing: there may have been more of them then.
   */
  readonly repeat?: number | undefined
  /**
   * XDP only: each run has a packet of its own, and the verdict is carried out: XDP_TX sends, XDP_REDIRECT redirects.
   * No packet comes back. Default false.
   *
   * @kernel 5.18
   */
  readonly liveFrames?: boolean | undefined
  /** packets a batch with `liveFrames`, at most 256; default: the kernel's, 64 */
  readonly batchSize?: number | undefined
  /** run on this CPU; only raw tracepoint programs may choose */
  readonly cpu?: number | undefined
  /** bytes to reserve for the packet that comes back; default: as long as `data` and 4096 more */
  readonly dataOutSize?: number | undefined
  /** bytes to reserve for the context that comes back; default: as long as `context` */
  readonly contextOutSize?: number | undefined
}

/** What came of a test run. */
export interface TestRunResult {
  /** the verdict, for programs that have one */
  readonly returnValue: number
  /** nanoseconds a run, the kernel's mean over all repeats */
  readonly durationNs: number
  /** the packet as the last run left it; empty with `liveFrames` */
  readonly data: Uint8Array
  /** the context as the last run left it; empty where there is none */
  readonly context: Uint8Array
}

const names = [
  'data',
  'context',
  'repeat',
  'liveFrames',
  'batchSize',
  'cpu',
  'dataOutSize',
  'contextOutSize',
] as const satisfies readonly (keyof TestRunOptions)[]

/** BPF_F_TEST_RUN_ON_CPU and BPF_F_TEST_XDP_LIVE_FRAMES of linux/bpf.h. */
const onCpu = 1 << 0
const live = 1 << 1

/**
 * The kernel's own default, said aloud: kernels before 5.18 do not look at the flag for live frames, and would run the program over a
 * copy, but refuse what they do not know in this field.
 */
const usualBatch = 64

/** More than a program may grow a packet by: headroom and tailroom share one page with it. */
const growth = 4096
/** Bytes of an Ethernet header. */
const leastPacket = 14
/** More than the kernel gives back. */
const mostOutput = 1 << 24

export function testRun(
  native: Binding,
  program: Handle,
  type: ProgramType,
  options: TestRunOptions,
): TestRunResult | Attempt {
  const checked = check(type, options)
  const result: NativeTestRunResult | { errno: number } = native.programTestRun(program, checked)
  if ('errno' in result) return refused(type, checked, result.errno)
  const { returnValue, duration, data, context } = result
  return { returnValue, durationNs: duration, data, context }
}

function check(type: ProgramType, options: TestRunOptions): NativeTestRunOptions {
  checkOptions('options', options, names)
  const { data, context, cpu } = options
  if (data !== undefined) checkBytes('options.data', data)
  if (context !== undefined) checkBytes('options.context', context)
  const liveFrames = checkBoolean('options.liveFrames', options.liveFrames ?? false)
  if (liveFrames && type !== 'xdp') {
    throw new ArgumentError({
      argument: 'options.liveFrames',
      value: true,
      expected: `false for a ${type} program: only XDP has it`,
    })
  }
  if (!liveFrames && options.batchSize !== undefined) {
    const expected = 'undefined without options.liveFrames: only live frames are sent in batches'
    throw new ArgumentError({ argument: 'options.batchSize', value: options.batchSize, expected })
  }
  // Such programs run once, over nothing but their context, and the kernel wants all else to be zero.
  const runsOnce = type === 'syscall' || type === 'raw_tracepoint'
  if (runsOnce && options.repeat !== undefined && options.repeat !== 1) {
    const expected = `1, or undefined, for a ${type} program: the kernel runs it once`
    throw new ArgumentError({ argument: 'options.repeat', value: options.repeat, expected })
  }
  const dataOutSize = options.dataOutSize ?? (data === undefined || liveFrames ? 0 : data.length + growth)
  const contextOutSize = options.contextOutSize ?? (liveFrames || runsOnce ? 0 : (context?.length ?? 0))
  return {
    data,
    context,
    dataOutSize: checkInteger('options.dataOutSize', dataOutSize, 0, mostOutput),
    contextOutSize: checkInteger('options.contextOutSize', contextOutSize, 0, mostOutput),
    repeat: runsOnce ? 0 : checkInteger('options.repeat', options.repeat ?? 1, 1, 0x7fff_ffff),
    flags: (liveFrames ? live : 0) | (cpu === undefined ? 0 : onCpu),
    cpu: checkInteger('options.cpu', cpu ?? 0, 0, 0xffff),
    batchSize: checkInteger('options.batchSize', options.batchSize ?? (liveFrames ? usualBatch : 0), 0, 256),
  }
}

function refused(type: ProgramType, checked: NativeTestRunOptions, code: number): Attempt {
  const { data, flags } = checked
  const operation = `test-run the ${type} program`
  const attempt = { operation, errno: code, needs: needsBpf }
  switch (Math.abs(code)) {
    case errno.ENOSPC:
      return { ...attempt, hint: 'what came back is longer than dataOutSize or contextOutSize' }
    case errno.ENOMEM:
      return { ...attempt, hint: `${data?.length ?? 0} bytes are more than a packet of several buffers holds` }
    case errno.ENOTSUPP:
    case errno.EOPNOTSUPP:
      return { ...attempt, hint: `${type} programs cannot be test-run in this kernel` }
    case errno.EINVAL:
      if ((flags & live) !== 0) return { ...attempt, feature: { name: 'a test run with live frames', since: '5.18' } }
      return { ...attempt, feature: contextOfXdp(type, checked), hint: invalid(type, checked) }
    default:
      return attempt
  }
}

function contextOfXdp(type: ProgramType, { context }: NativeTestRunOptions): Attempt['feature'] {
  return type === 'xdp' && context !== undefined
    ? { name: 'a test run of XDP with a context', since: '5.15' }
    : undefined
}

/** What the kernel's EINVAL usually means. */
function invalid(type: ProgramType, { data, context, flags }: NativeTestRunOptions): string {
  const length = data?.length ?? 0
  if ((flags & onCpu) !== 0) return `${type} programs cannot choose a CPU, or there is none of this number`
  if (context === undefined || length < leastPacket) {
    return `data has ${length} bytes; it must hold an Ethernet header and fit a page`
  }
  return `the context of ${context.length} bytes is not the struct of a ${type} program, or does not agree with data of ${length} bytes`
}

import { uptime } from 'node:os'
import { type Handle, nativeBinding } from './binding.js'
import { explain } from './explain.js'
import { type ProgramType, programTypes } from './program-type.js'

/** What the kernel says of a program: all that `bpftool prog show` prints; sizes in bytes. */
export interface ProgramInfo {
  readonly id: number
  readonly type: ProgramType
  /** at most 15 characters, or the whole name of the C function where the program has BTF */
  readonly name: string
  /** hash over the instructions, 16 hexadecimal digits */
  readonly tag: string
  /** whether its licence lets it call helpers that are for GPL programs only */
  readonly gplCompatible: boolean
  /** nanoseconds from boot (CLOCK_BOOTTIME) */
  readonly loadTime: bigint
  /** the same on the wall clock, to about 10 ms */
  readonly loadedAt: Date
  /** of the user who loaded it */
  readonly uid: number
  /** instructions as translated by the verifier */
  readonly translatedSize: number
  /** machine code; 0: interpreted */
  readonly jitedSize: number
  /** memory that the kernel accounts for it; undefined where it does not say */
  readonly memlock: number | undefined
  readonly mapIds: readonly number[]
  /** 0: the program has no BTF */
  readonly btfId: number
  /** network device that the program is bound to, 0: none */
  readonly ifindex: number
  /** nanoseconds, counted only while statistics are on: {@link enableStatistics} */
  readonly runTimeNs: bigint
  /** counted only while statistics are on */
  readonly runCount: bigint
  /** runs that were left out because the program was running on that CPU already; counted while statistics are on */
  readonly recursionMisses: bigint
  /** instructions that the verifier went through; 0 before Linux 5.16 */
  readonly verifiedInstructions: number
}

/** @internal */
export function readProgramInfo(program: Handle): ProgramInfo {
  const info = nativeBinding().programInfo(program)
  if ('errno' in info) throw explain({ operation: 'read the info of the program', errno: info.errno, log: info.log })
  return {
    ...info,
    type: programTypes.nameOf(info.type),
    memlock: info.memlock < 0 ? undefined : info.memlock,
    loadedAt: new Date(Date.now() - uptime() * 1000 + Number(info.loadTime / 1_000_000n)),
  }
}

import type { Program } from '@millrace/core'
import type { PerCpuArrayMap } from '@millrace/maps'
import { XdpAction } from '@millrace/xdp'
import type { MrCounter } from './generated/firewall.bpf.js'

/** One version of the program, and what it alone has counted. */
export interface Version {
  readonly number: number
  readonly program: Program<'xdp'>
  /** by verdict */
  readonly counters: PerCpuArrayMap<MrCounter>
}

/** Packets and bytes with one verdict, over all versions and CPUs. */
export function total(versions: readonly Version[], verdict: XdpAction): { packets: number; bytes: number } {
  const perCpu = versions.flatMap(({ counters }) => counters.get(verdict) ?? [])
  return perCpu.reduce(
    (sum, { packets, bytes }) => ({ packets: sum.packets + Number(packets), bytes: sum.bytes + Number(bytes) }),
    { packets: 0, bytes: 0 },
  )
}

/** Frames that one version has decided over. */
export function decidedBy(version: Version): number {
  return total([version], XdpAction.Pass).packets + total([version], XdpAction.Drop).packets
}

import { load } from '@millrace/core'
import { XdpAction } from '@millrace/xdp'
import { members } from './generated/members.bpf.js'

export type Members = Awaited<ReturnType<typeof loadMembers>>

/**
 * Programs that leave their mark in the trace that all on one bpf filesystem share, and return the verdict for each traced packet. Those
 * that not all kernels take are left out.
 */
export async function loadMembers(bpffs: string, mark: string, verdict: number = XdpAction.Pass) {
  const object = await load(members, {
    constants: { mark: mark.charCodeAt(0) },
    pinRoot: bpffs,
    omit: ['memberFrags', 'returningEnum', 'notXdp'],
  })
  object.variables.verdict.set(verdict)
  return object
}

/** Marks since the last time, in the order in which they were made. */
export function takeTrace({ maps: { trace } }: Pick<Members, 'maps'>): string {
  const { length = 0, marks = [] } = trace.get(0) ?? {}
  trace.set(0, { length: 0, marks: marks.map(() => 0) })
  return String.fromCharCode(...marks.slice(0, length))
}

/** Packets that the programs of one load have seen. */
export function seenBy({ maps: { seen } }: Pick<Members, 'maps'>): number {
  return (seen.get(0) ?? []).reduce((sum, { packets }) => sum + Number(packets), 0)
}

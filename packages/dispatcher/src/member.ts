import type { Program } from '@millrace/core'
import type { SlotConfig } from './config.js'
import type { Ranked } from './order.js'

/** A program that shares an interface, in the form in which dispatchers run it (BPF_PROG_TYPE_EXT), and how it is to be run. */
export interface Member extends SlotConfig, Ranked {
  readonly id: number
  readonly program: Program
}

/** Takes over the program. */
export function memberOf(program: Program, { priority, goOn, frags }: SlotConfig): Member {
  const { id, name, tag, loadTime } = program.info()
  return { id, name, tag, loadTime, program, priority, goOn, frags }
}

export function closeAll(members: readonly Member[]): void {
  for (const { program } of members) program.close()
}

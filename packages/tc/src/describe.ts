import { describeProgram, type Holders } from '@millrace/core/internal'
import type { AttachedTc } from './attached.js'
import type { Entry } from './mechanism.js'

/** Entries as callers see them; those whose program is gone by now are left out. Without `holders` nobody is asked who holds them. */
export function describe(entries: readonly Entry[], holders: Holders | undefined): AttachedTc[] {
  return entries.flatMap((entry) => {
    const { mechanism, programId, linkId, filter, mark } = entry
    const program = programId === 0 ? undefined : describeProgram(programId)
    if (program === undefined && programId !== 0) return []
    return [
      {
        mechanism,
        program,
        linkId: linkId === 0 ? undefined : linkId,
        name: mark?.name,
        filter,
        pids: holders && holdersOf(entry, holders),
      },
    ]
  })
}

function holdersOf({ programId, linkId }: Entry, holders: Holders): readonly number[] | undefined {
  if (linkId !== 0) return holders.of('link', linkId)
  return programId === 0 ? [] : holders.of('program', programId)
}

import { AnchorGoneError, ArgumentError, KernelError, Link, Program } from '@millrace/core'
import { describeProgram, errno } from '@millrace/core/internal'
import { CgroupAttachment } from './attachment.js'
import { cgroupHooks } from './hooks.js'
import type { CgroupAnchor } from './order.js'
import { type Place, target } from './place.js'
import type { Entry, Standing } from './standing.js'

/** What an anchor means among those that stand at a place. */
export function findAnchor(anchor: CgroupAnchor, place: Place, { entries }: Standing): Entry {
  const { programId, linkId } = identify(anchor, place, entries)
  const [found, another] = entries.filter((entry) => entry.programId === programId)
  if (found === undefined) throw gone(anchor, place)
  // The kernel looks for the program, also when it is told a link.
  if (another !== undefined) {
    throw new ArgumentError({
      argument: 'options.order',
      value: anchorText(anchor),
      expected: `one whose program stands at ${target(place)} once: the kernel does not tell them apart`,
    })
  }
  if (linkId !== undefined && found.linkId !== undefined && found.linkId !== linkId) throw gone(anchor, place)
  return linkId === undefined ? found : { ...found, linkId }
}

interface Identity {
  readonly programId: number
  /** undefined: any, or none */
  readonly linkId?: number
}

function identify(anchor: CgroupAnchor, place: Place, entries: readonly Entry[]): Identity {
  if (anchor instanceof CgroupAttachment) {
    return anchor.link === undefined ? { programId: anchor.programId } : identifyLink(anchor.link, anchor, place)
  }
  if (anchor instanceof Link) return identifyLink(anchor, anchor, place)
  if (anchor instanceof Program) return { programId: anchor.id }
  if ('programId' in anchor) return anchor
  if ('name' in anchor) return identifyName(anchor.name, place, entries)
  using link = openLink(anchor.linkId, place)
  return identifyLink(link, anchor, place)
}

function identifyLink(link: Link, anchor: CgroupAnchor, place: Place): Identity {
  const { id, programId, cgroupId, attachType } = link.info()
  if (cgroupId !== place.cgroup.id || attachType !== cgroupHooks[place.hook].attachType) throw gone(anchor, place)
  return { programId, linkId: id }
}

function identifyName(name: string, place: Place, entries: readonly Entry[]): Identity {
  const [found, another] = entries.filter(({ programId }) => describeProgram(programId)?.name === name)
  if (found === undefined) throw gone({ name }, place)
  if (another === undefined) return { programId: found.programId }
  throw new ArgumentError({
    argument: 'options.order',
    value: name,
    expected: `the name of one program at ${target(place)}, and not of programs ${found.programId} and ${another.programId}`,
  })
}

function openLink(id: number, place: Place): Link {
  try {
    return Link.openById(id)
  } catch (error) {
    if (error instanceof KernelError && error.errno === errno.ENOENT) throw gone({ linkId: id }, place)
    throw error
  }
}

/** The error for an anchor that is not, or not any more, where it should be. */
export function gone(anchor: CgroupAnchor, place: Place): AnchorGoneError {
  return new AnchorGoneError({ target: target(place), anchor: anchorText(anchor) })
}

function anchorText(anchor: CgroupAnchor): string {
  if (anchor instanceof CgroupAttachment) return `attachment ${anchor.hook} of ${anchor.cgroup}`
  if (anchor instanceof Program) return `program ${anchor.name} (id ${anchor.id})`
  if (anchor instanceof Link) return `link ${anchor.id}`
  if ('programId' in anchor) return `program ${anchor.programId}`
  if ('linkId' in anchor) return `link ${anchor.linkId}`
  return `name ${anchor.name}`
}

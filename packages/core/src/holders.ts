import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { errno } from './errno.js'

/** Which processes hold programs and links open. */
export interface Holders {
  /**
   * Ids of the processes, ascending, of those that this one may look into; empty: nobody holds it. Undefined: nobody was found,
   * and it may not look into all of them, which takes CAP_SYS_PTRACE and whatever capabilities the others have.
   */
  of(kind: 'program' | 'link', id: number): readonly number[] | undefined
}

/** What a descriptor's link in /proc says it is, and the line of its fdinfo that has the object's id. */
const kinds = {
  'anon_inode:bpf-prog': { kind: 'program', field: /^prog_id:\s*(\d+)$/m },
  // What was made is named in one way, and what was opened, by an id or a pin, in the other.
  'anon_inode:bpf_link': { kind: 'link', field: /^link_id:\s*(\d+)$/m },
  'anon_inode:bpf-link': { kind: 'link', field: /^link_id:\s*(\d+)$/m },
} as const

/** Looks through the descriptors of all processes: some milliseconds, so once for a whole list. */
export function findHolders(): Holders {
  const pids = new Map<string, number[]>()
  let complete = true
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const held = heldBy(pid)
    if (held === undefined) complete = false
    for (const object of held ?? []) pids.set(object, [...(pids.get(object) ?? []), pid])
  }
  return {
    of: (kind, id) => pids.get(`${kind} ${id}`)?.toSorted((a, b) => a - b) ?? (complete ? [] : undefined),
  }
}

/** Objects that a process holds, as `link 12`; undefined: not allowed to look. */
function heldBy(pid: number): ReadonlySet<string> | undefined {
  const held = new Set<string>()
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const object = objectOf(pid, descriptor)
      if (object !== undefined) held.add(object)
    }
    return held
  } catch (error) {
    // It has ended meanwhile; or else it is none of ours.
    return isGone(error) ? held : undefined
  }
}

function objectOf(pid: number, descriptor: string): string | undefined {
  try {
    const is = kinds[readlinkSync(`/proc/${pid}/fd/${descriptor}`) as keyof typeof kinds]
    if (is === undefined) return undefined
    const id = is.field.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'))?.[1]
    return id === undefined ? undefined : `${is.kind} ${id}`
  } catch (error) {
    // It was closed meanwhile.
    if (isGone(error)) return undefined
    throw error
  }
}

function isGone(error: unknown): boolean {
  const { errno: code = 0 } = error as NodeJS.ErrnoException
  return code === -errno.ENOENT || code === -errno.ESRCH
}

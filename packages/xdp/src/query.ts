import {
  type AttachedProgram,
  InterfaceGoneError,
  listLinks,
  MissingCapabilityError,
  type ProgramIdentity,
} from '@millrace/core'
import {
  checkBoolean,
  checkOptions,
  describeProgram,
  explain,
  findHolders,
  type Holders,
  type Interface,
  interfaceExists,
  nativeBinding,
  needsToEnter,
  resolveInterface,
} from '@millrace/core/internal'
import type { XdpMode } from './mode.js'

/** A program that is attached to an interface. */
export interface AttachedXdp {
  readonly mode: XdpMode
  readonly program: AttachedProgram
  /**
   * undefined: attached without a link, or this process may not list links. A link does not tell its namespace: one of the same
   * program on an interface with the same index elsewhere may be taken for this one's, and of several none is told.
   */
  readonly linkId: number | undefined
  /**
   * processes that hold its link, or where there is none its program, open; empty when it is only pinned, or nobody needs to
   * hold it. undefined: it cannot be known, as this process may not look into others (CAP_SYS_PTRACE), or it was not asked for
   */
  readonly pids: readonly number[] | undefined
}

/** Options of {@link queryXdp}. */
export interface QueryXdpOptions {
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /** whether to look for the processes that hold each, through all of /proc, some 0.1 ms a process; default true */
  readonly pids?: boolean | undefined
}

/**
 * What is attached to an interface: nothing, one program, or one in the driver and one on the card.
 *
 * @throws ArgumentError when there is no such interface or namespace
 * @kernel 4.12
 * @example
 * ```ts
 * import { queryXdp } from '@millrace/xdp'
 *
 * for (const { mode, program, linkId, pids } of queryXdp('lo')) console.log(mode, program.id, program.name, linkId, pids)
 * ```
 */
export function queryXdp(iface: string | number, options: QueryXdpOptions = {}): AttachedXdp[] {
  checkOptions('options', options, ['netns', 'pids'])
  const { netns, pids = true } = options
  checkBoolean('options.pids', pids)
  return attachedTo(resolveInterface(iface, netns), pids)
}

/** The same for an interface that was found before. Programs that are gone by now are left out. */
export function attachedTo(iface: Interface, pids = false): AttachedXdp[] {
  const { name, index, netns } = iface
  const state = nativeBinding().xdpQuery(index, netns)
  if ('errno' in state) {
    if (!interfaceExists(iface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
    throw explain({ operation: `query XDP on ${name}`, errno: state.errno, log: state.log, needs: needsToEnter(netns) })
  }
  const modes: (readonly [XdpMode, number])[] = [
    ['native', state.driverProgramId],
    ['generic', state.genericProgramId],
    ['offload', state.hardwareProgramId],
  ]
  const found = modes.filter(([, id]) => id !== 0)
  const holders = pids && found.length > 0 ? findHolders() : undefined
  return found.flatMap(([mode, id]) => {
    const program = describeProgram(id)
    const links = linksOf(id, index)
    const linkId = links.length === 1 ? links[0] : undefined
    return program === undefined ? [] : [{ mode, program, linkId, pids: holders && holdersOf(id, links, holders) }]
  })
}

function holdersOf(programId: number, links: readonly number[], holders: Holders): readonly number[] | undefined {
  const [link, other] = links
  if (link === undefined) return holders.of('program', programId)
  return other === undefined ? holders.of('link', link) : undefined
}

/** What runs in one mode, as errors name it; undefined: nothing. */
export function programOn(iface: Interface, mode: XdpMode): ProgramIdentity | undefined {
  const found = attachedTo(iface).find((it) => it.mode === mode)?.program
  return found && { id: found.id, name: found.name ?? '' }
}

/**
 * The links that hold a program on an interface of this index. An index is unique only within a namespace, and a link does
 * not tell in which it is: there may be one in each.
 */
export function linksOf(programId: number, ifindex: number): number[] {
  const links = unlessForbidden(listLinks) ?? []
  return links
    .filter((link) => link.type === 'xdp' && link.ifindex === ifindex && link.programId === programId)
    .map(({ id }) => id)
}

function unlessForbidden<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof MissingCapabilityError) return undefined
    throw error
  }
}

import { InterfaceGoneError, listLinks, MissingCapabilityError, Program, type ProgramIdentity } from '@millrace/core'
import {
  checkOptions,
  explain,
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
  readonly program: {
    readonly id: number
    /** undefined: this process may not look into programs of others (CAP_SYS_ADMIN) */
    readonly name: string | undefined
    /** hash over its instructions, 16 hexadecimal digits */
    readonly tag: string | undefined
  }
  /**
   * undefined: attached without a link, or this process may not list links. A link does not tell its namespace: one of the same
   * program on an interface with the same index elsewhere may be taken for this one's, and of several none is told.
   */
  readonly linkId: number | undefined
}

/** Options of {@link queryXdp}. */
export interface QueryXdpOptions {
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
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
 * for (const { mode, program, linkId } of queryXdp('lo')) console.log(mode, program.id, program.name, linkId)
 * ```
 */
export function queryXdp(iface: string | number, options: QueryXdpOptions = {}): AttachedXdp[] {
  checkOptions('options', options, ['netns'])
  return attachedTo(resolveInterface(iface, options.netns))
}

/** The same for an interface that was found before. */
export function attachedTo(iface: Interface): AttachedXdp[] {
  const { name, index, netns } = iface
  const state = nativeBinding().xdpQuery(index, netns)
  if ('errno' in state) {
    if (!interfaceExists(iface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
    throw explain({ operation: `query XDP on ${name}`, errno: state.errno, log: state.log, needs: needsToEnter(netns) })
  }
  const found: (readonly [XdpMode, number])[] = [
    ['native', state.driverProgramId],
    ['generic', state.genericProgramId],
    ['offload', state.hardwareProgramId],
  ]
  return found.flatMap(([mode, id]) =>
    id === 0 ? [] : [{ mode, program: { id, ...identityOf(id) }, linkId: onlyOne(linksOf(id, index)) }],
  )
}

/** What runs in one mode, as errors name it; undefined: nothing. */
export function programOn(iface: Interface, mode: XdpMode): ProgramIdentity | undefined {
  const found = attachedTo(iface).find((it) => it.mode === mode)?.program
  return found && { id: found.id, name: found.name ?? '' }
}

function identityOf(id: number): { name: string | undefined; tag: string | undefined } {
  return (
    unlessForbidden(() => {
      using program = Program.openById(id)
      return { name: program.name, tag: program.info().tag }
    }) ?? { name: undefined, tag: undefined }
  )
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

function onlyOne(ids: readonly number[]): number | undefined {
  return ids.length === 1 ? ids[0] : undefined
}

function unlessForbidden<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof MissingCapabilityError) return undefined
    throw error
  }
}

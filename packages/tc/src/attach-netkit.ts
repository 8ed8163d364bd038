import type { Program } from '@millrace/core'
import { checkBoolean, checkOneOf, checkOptions, resolveInterface } from '@millrace/core/internal'
import { TcAttachment } from './attachment.js'
import { checkProgram } from './check-program.js'
import type { NetkitEndpoint } from './hook.js'
import type { Order } from './options.js'
import { checkOrder } from './order.js'
import { place } from './place.js'
import { stateOf, type TcState } from './query.js'
import { checkRevision } from './request.js'
import { netkitSite, type Site } from './site.js'

/** Options of {@link queryNetkit}. */
export interface QueryNetkitOptions {
  readonly endpoint: NetkitEndpoint
  /** network namespace of the device: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /** whether to look for the processes that hold each, through all of /proc; default true */
  readonly pids?: boolean | undefined
}

/** Options of {@link attachNetkit}. */
export interface AttachNetkitOptions {
  readonly endpoint: NetkitEndpoint
  /** where among the others; default `last` */
  readonly order?: Order | undefined
  /** network namespace of the device: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /**
   * attach only while the hook is at this revision, as {@link queryNetkit} told it: else RevisionMismatchError. Of a hook that has had
   * programs and is empty now the kernel tells another one than it counts, and every revision that was told is refused.
   */
  readonly expectedRevision?: bigint | undefined
}

/**
 * Attaches a program to a netkit device, with the same orders as {@link attachTc}. `iface` is the primary device of the pair, the
 * one that was not moved into the container: the hooks of both ends belong to it.
 *
 * @param iface - name or index
 * @throws UnsupportedKernelError when the kernel has no netkit
 * @throws ArgumentError when it is no netkit device, or not the primary one, or the program is of another type
 * @throws AnchorGoneError, RevisionMismatchError, AttachBusyError, UnexpectedProgramError, MissingCapabilityError, InterfaceGoneError,
 * ClosedError as {@link attachTc} does
 * @kernel 6.7
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachNetkit } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * using attachment = attachNetkit(object.programs.classify, 'nk0', { endpoint: 'peer', order: 'first' })
 * ```
 */
export function attachNetkit(
  program: Program<'sched_cls'>,
  iface: string | number,
  options: AttachNetkitOptions,
): TcAttachment {
  checkProgram('program', program)
  checkOptions('options', options, ['endpoint', 'order', 'netns', 'expectedRevision'])
  const { order: wanted = 'last' } = options
  const order = checkOrder('options.order', wanted)
  const expectedRevision = checkRevision(options.expectedRevision)
  const site = siteOf(iface, options)
  const mark = { name: program.name, pinRoot: undefined }
  const request = { program, order, expectedRevision, mark, priority: undefined, mechanism: 'netkit' } as const
  return new TcAttachment({ site, ...place(site, request), name: program.name, adopted: false })
}

/**
 * What stands on the hook of a netkit device, in the order in which it runs.
 *
 * @param iface - name or index of the primary device
 * @throws UnsupportedKernelError when the kernel has no netkit
 * @throws ArgumentError when it is no netkit device
 * @throws InterfaceGoneError, MissingCapabilityError
 * @kernel 6.7
 *
 * @example
 * ```ts
 * import { queryNetkit } from '@millrace/tc'
 *
 * for (const { program, linkId } of queryNetkit('nk0', { endpoint: 'primary' }).programs) console.log(program?.name, linkId)
 * ```
 */
export function queryNetkit(iface: string | number, options: QueryNetkitOptions): TcState {
  checkOptions('options', options, ['endpoint', 'netns', 'pids'])
  const { pids = true } = options
  checkBoolean('options.pids', pids)
  return stateOf(siteOf(iface, options).places, pids)
}

function siteOf(iface: string | number, { endpoint, netns }: QueryNetkitOptions): Site {
  return netkitSite({
    endpoint: checkOneOf('options.endpoint', endpoint, ['primary', 'peer']),
    interface: resolveInterface(iface, netns),
  })
}

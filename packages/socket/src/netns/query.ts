import { type AttachedNetns, type QueryNetnsOptions, query } from './attached.js'

/**
 * The programs that choose sockets in a network namespace, in the order in which they run.
 *
 * @throws ArgumentError when there is no such namespace
 * @throws MissingCapabilityError, UnsupportedKernelError
 * @kernel 5.9
 *
 * @example
 * ```ts
 * import { querySkLookup } from '@millrace/socket'
 *
 * for (const { program, linkId, pids } of querySkLookup()) console.log(program.id, program.name, linkId, pids)
 * ```
 */
export function querySkLookup(options: QueryNetnsOptions = {}): AttachedNetns[] {
  return query('sk_lookup', options)
}

/**
 * The flow dissector of a network namespace; undefined: it has none of its own.
 *
 * @throws ArgumentError when there is no such namespace
 * @throws MissingCapabilityError
 * @kernel 5.10
 *
 * @example
 * ```ts
 * import { queryFlowDissector } from '@millrace/socket'
 *
 * console.log(queryFlowDissector({ netns: 'blue' })?.program.name)
 * ```
 */
export function queryFlowDissector(options: QueryNetnsOptions = {}): AttachedNetns | undefined {
  return query('flow_dissector', options)[0]
}

/**
 * Socket-level hooks: programs of control groups, sk_lookup, SO_REUSEPORT groups, SockMap programs and the flow dissector.
 *
 * @packageDocumentation
 */
export * from './cgroup/index.js'
export * from './errors/index.js'
export type { SocketMechanism } from './mechanism.js'
export * from './netns/index.js'
export * from './reuseport/index.js'
export * from './sockmap/index.js'
export { BindVerdict, CgroupVerdict, EgressVerdict, FlowDissectorVerdict } from './verdict.js'

/**
 * Socket-level hooks: programs of control groups, sk_lookup, SockMap programs and the flow dissector.
 *
 * @packageDocumentation
 */
export * from './cgroup/index.js'
export * from './errors/index.js'
export type { SocketMechanism } from './mechanism.js'
export * from './netns/index.js'
export * from './sockmap/index.js'
export { BindVerdict, CgroupVerdict, EgressVerdict, FlowDissectorVerdict } from './verdict.js'

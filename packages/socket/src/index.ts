/**
 * Socket-level hooks: programs of control groups, sk_lookup, SockMap programs and the flow dissector.
 *
 * @packageDocumentation
 */
export {}

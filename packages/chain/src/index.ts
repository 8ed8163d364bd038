/**
 * Chains of programs on one hook, changed under traffic without losing a packet.
 *
 * @packageDocumentation
 */
export {}

/**
 * What the modules that `bpf2ts` writes are made of: functions that write one C value into a `DataView`, checking its
 * range, and that read one, where `DataView` itself has no such reader. Offsets are bytes; the byte order is little
 * endian but for names that end in `be` and for addresses. Each `put` function throws {@link ArgumentError} whose
 * `argument` is the given path.
 *
 * @example
 * ```ts
 * import { getIpv4, putIpv4, putU16be } from '@millrace/maps/codec'
 *
 * const view = new DataView(new ArrayBuffer(6))
 * putIpv4(view, 0, '192.0.2.1', 'source')
 * putU16be(view, 4, 443, 'sourcePort')
 * console.log(getIpv4(view, 0), view.getUint16(4))
 * ```
 *
 * @packageDocumentation
 */
export * from './arrays.js'
export * from './big-integers.js'
export * from './bits.js'
export * from './floats.js'
export * from './integers.js'
export { getIpv4, putIpv4 } from './ipv4.js'
export { getIpv6, putIpv6 } from './ipv6.js'
export { getMac, putMac } from './mac.js'
export * from './memory.js'
export * from './strings.js'
export * from './structs.js'
export * from './unions.js'

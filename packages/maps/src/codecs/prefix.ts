import { ipv4, ipv6 } from './network-order.js'
import { u32 } from './scalars.js'
import { struct } from './struct.js'

/**
 * An IPv4 prefix as the key of a {@link LpmTrieMap}: `{ prefixLength: 8, address: '10.0.0.0' }`. In C it is
 * `struct { __u32 prefix_length; ipv4_t address; }`.
 *
 * @example
 * ```ts
 * import { ipv4Prefix, LpmTrieMap, u64 } from '@millrace/maps'
 *
 * using blocked = LpmTrieMap.create({ name: 'blocked', key: ipv4Prefix, value: u64, maxEntries: 1024 })
 * blocked.set({ prefixLength: 8, address: '10.0.0.0' }, 0n)
 * ```
 */
export const ipv4Prefix = struct({ prefixLength: u32, address: ipv4 })

/**
 * An IPv6 prefix as the key of a {@link LpmTrieMap}: `{ prefixLength: 32, address: '2001:db8::' }`. In C it is
 * `struct { __u32 prefix_length; ipv6_t address; }`.
 *
 * @example
 * ```ts
 * import { ipv6Prefix, LpmTrieMap, u64 } from '@millrace/maps'
 *
 * using blocked = LpmTrieMap.create({ name: 'blocked', key: ipv6Prefix, value: u64, maxEntries: 1024 })
 * blocked.set({ prefixLength: 32, address: '2001:db8::' }, 0n)
 * ```
 */
export const ipv6Prefix = struct({ prefixLength: u32, address: ipv6 })

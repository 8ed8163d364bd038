/**
 * Typed eBPF maps, and the codecs by which their keys and values become bytes.
 *
 * @packageDocumentation
 */
export { ArrayView, type Codec, type Infer, type InPlace, type MemoryArrayOptions, ValueView } from '@millrace/core'
export { array, bytes, string } from './codecs/arrays.js'
export { type EnumerationOptions, enumeration } from './codecs/enumeration.js'
export { ipv4, ipv6, mac, u16be, u32be, u64be } from './codecs/network-order.js'
export { ipv4Prefix, ipv6Prefix } from './codecs/prefix.js'
export { bool, i8, i16, i32, i64, u8, u16, u32, u64, u64Number } from './codecs/scalars.js'
export { type StructFields, type StructOptions, type StructValue, struct } from './codecs/struct.js'
export {
  type SocketDescription,
  SocketRefusedError,
  type SocketRefusedErrorFields,
} from './errors/socket-refused-error.js'
export { EventBatch } from './events/event-batch.js'
export { EventBuffer } from './events/event-buffer.js'
export type { EventsOptions } from './events/events-options.js'
export { type EventBuffers, type MergedEvent, mergeEvents } from './events/merge-events.js'
export type { BatchSupport } from './iteration/batch-support.js'
export type { RawEntries } from './iteration/entry-buffers.js'
export type { ConcurrentChange, IterationOptions } from './iteration/iteration-options.js'
export { Arena, type ArenaOptions } from './maps/arena.js'
export { ArrayMap, type ArrayMapOptions, type ValueCodec, type ViewOptions } from './maps/array-map.js'
export { ArrayOfMaps, type ArrayOfMapsOptions } from './maps/array-of-maps.js'
export { BloomFilter, type BloomFilterOptions } from './maps/bloom-filter.js'
export type { BpfMap } from './maps/bpf-map.js'
export { type CpuEntry, CpuMap, type CpuMapOptions, type CpuSource, type CpuTarget } from './maps/cpu-map.js'
export { DevMap, type DevMapOptions } from './maps/dev-map.js'
export { DevMapHash, type DevMapHashOptions } from './maps/dev-map-hash.js'
export type { DeviceEntry, DeviceSource, DeviceTarget } from './maps/device-table.js'
export { HashMap, type HashMapOptions } from './maps/hash-map.js'
export { HashOfMaps, type HashOfMapsCodec, type HashOfMapsOptions } from './maps/hash-of-maps.js'
export type { InnerMap, InnerMapOptions, InnerMapSpec } from './maps/inner-map.js'
export type { WhenFull } from './maps/line.js'
export { LpmTrieMap, type LpmTrieMapOptions } from './maps/lpm-trie-map.js'
export { LruHashMap, type LruHashMapOptions } from './maps/lru-hash-map.js'
export { LruPerCpuHashMap } from './maps/lru-per-cpu-hash-map.js'
export type { CreateOptions, MapCodecs, OpenOptions, ProgramAccess, SpecOptions } from './maps/map-options.js'
export { PerCpuArrayMap, type PerCpuArrayMapOptions } from './maps/per-cpu-array-map.js'
export { PerCpuHashMap } from './maps/per-cpu-hash-map.js'
export { type Summable, sum } from './maps/per-cpu-values.js'
export { type EventCodec, PerfEventArray, type PerfEventArrayOptions } from './maps/perf-event-array.js'
export { ProgramArray, type ProgramArrayOptions, type ProgramKind } from './maps/program-array.js'
export { Queue, type QueueOptions } from './maps/queue.js'
export { ReuseportSockArray, type ReuseportSockArrayOptions } from './maps/reuseport-sock-array.js'
export { RingBuffer } from './maps/ring-buffer.js'
export type {
  RingBufferCodec,
  RingBufferOptions,
  RingBufferSpec,
} from './maps/ring-buffer-options.js'
export { SockHash, type SockHashKey, type SockHashOptions } from './maps/sock-hash.js'
export { SockMap, type SockMapOptions } from './maps/sock-map.js'
export { type NodeSocket, type SocketSource, socketDescriptor } from './maps/socket-descriptor.js'
export { SocketStorage, type SocketStorageOptions } from './maps/socket-storage.js'
export type { SocketSpec } from './maps/socket-value.js'
export { Stack, type StackOptions } from './maps/stack.js'
export type { UpdateMode } from './maps/update-mode.js'
export { UserRingBuffer, type UserRingBufferOptions } from './maps/user-ring-buffer.js'
export { XskMap, type XskMapOptions } from './maps/xsk-map.js'
export type { Merge, MergeMethod } from './merge/merge.js'
export type { MergedValues } from './merge/merged-values.js'

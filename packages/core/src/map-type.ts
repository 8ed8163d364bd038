import { Enumeration, type NameOf } from './enumeration.js'

/** enum bpf_map_type, as bpftool names it. */
export const mapTypes = new Enumeration({
  unspec: 0,
  hash: 1,
  array: 2,
  prog_array: 3,
  perf_event_array: 4,
  percpu_hash: 5,
  percpu_array: 6,
  stack_trace: 7,
  cgroup_array: 8,
  lru_hash: 9,
  lru_percpu_hash: 10,
  lpm_trie: 11,
  array_of_maps: 12,
  hash_of_maps: 13,
  devmap: 14,
  sockmap: 15,
  cpumap: 16,
  xskmap: 17,
  sockhash: 18,
  cgroup_storage: 19,
  reuseport_sockarray: 20,
  percpu_cgroup_storage: 21,
  queue: 22,
  stack: 23,
  sk_storage: 24,
  devmap_hash: 25,
  struct_ops: 26,
  ringbuf: 27,
  inode_storage: 28,
  task_storage: 29,
  bloom_filter: 30,
  user_ringbuf: 31,
  cgrp_storage: 32,
  arena: 33,
  insn_array: 34,
})

/**
 * The kind of a map, as bpftool prints it: `hash`, `lpm_trie`, `ringbuf` ... A kind that only a newer kernel has is named by its
 * number, `type 35`.
 *
 * @example
 * ```ts
 * import { listMaps, type MapType } from '@millrace/core'
 *
 * const kind: MapType = 'lru_hash'
 * console.log(listMaps().filter((map) => map.type === kind))
 * ```
 */
export type MapType = NameOf<typeof mapTypes>

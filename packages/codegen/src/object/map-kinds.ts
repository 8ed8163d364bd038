/** How a kind of map is written in a generated module. */
export interface MapKind {
  /** the class in `@millrace/maps` */
  readonly typedClass: string
  /** what its spec takes: the keys of arrays are indexes; a ring buffer has events, a map of maps other maps */
  readonly takes: readonly ('key' | 'value' | 'event' | 'programType' | 'inner')[]
}

/** The kinds with a typed class, by their number in enum bpf_map_type. A new class is one line here. */
const kinds: Readonly<Record<number, MapKind>> = {
  1: { typedClass: 'HashMap', takes: ['key', 'value'] },
  2: { typedClass: 'ArrayMap', takes: ['value'] },
  3: { typedClass: 'ProgramArray', takes: ['programType'] },
  4: { typedClass: 'PerfEventArray', takes: ['event'] },
  5: { typedClass: 'PerCpuHashMap', takes: ['key', 'value'] },
  6: { typedClass: 'PerCpuArrayMap', takes: ['value'] },
  9: { typedClass: 'LruHashMap', takes: ['key', 'value'] },
  10: { typedClass: 'LruPerCpuHashMap', takes: ['key', 'value'] },
  11: { typedClass: 'LpmTrieMap', takes: ['key', 'value'] },
  12: { typedClass: 'ArrayOfMaps', takes: ['inner'] },
  13: { typedClass: 'HashOfMaps', takes: ['key', 'inner'] },
  14: { typedClass: 'DevMap', takes: [] },
  15: { typedClass: 'SockMap', takes: ['value'] },
  16: { typedClass: 'CpuMap', takes: [] },
  17: { typedClass: 'XskMap', takes: [] },
  18: { typedClass: 'SockHash', takes: ['key', 'value'] },
  20: { typedClass: 'ReuseportSockArray', takes: [] },
  22: { typedClass: 'Queue', takes: ['value'] },
  23: { typedClass: 'Stack', takes: ['value'] },
  24: { typedClass: 'SocketStorage', takes: ['value'] },
  25: { typedClass: 'DevMapHash', takes: [] },
  27: { typedClass: 'RingBuffer', takes: ['event'] },
  30: { typedClass: 'BloomFilter', takes: ['value'] },
  31: { typedClass: 'UserRingBuffer', takes: ['event'] },
  33: { typedClass: 'Arena', takes: [] },
}

export function mapKindOf(type: number): MapKind | undefined {
  return kinds[type]
}

/** Names that generated modules import from `@millrace/maps`. */
export const typedClasses: readonly string[] = Object.values(kinds).map((kind) => kind.typedClass)

/** enum bpf_map_type, as bpftool names it, for telling people what a map is. */
const names = [
  ...['unspec', 'hash', 'array', 'prog_array', 'perf_event_array', 'percpu_hash', 'percpu_array', 'stack_trace'],
  ...['cgroup_array', 'lru_hash', 'lru_percpu_hash', 'lpm_trie', 'array_of_maps', 'hash_of_maps', 'devmap', 'sockmap'],
  ...['cpumap', 'xskmap', 'sockhash', 'cgroup_storage', 'reuseport_sockarray', 'percpu_cgroup_storage', 'queue'],
  ...['stack', 'sk_storage', 'devmap_hash', 'struct_ops', 'ringbuf', 'inode_storage', 'task_storage', 'bloom_filter'],
  ...['user_ringbuf', 'cgrp_storage', 'arena', 'insn_array'],
]

export function mapTypeName(type: number): string {
  return names[type] ?? `type ${type}`
}

import { isAtLeast } from '../kernel-version.js'
import type { MapType } from '../map-type.js'
import type { ProgramType } from '../program-type.js'

/** The Linux version that brought each kind of program; the kernel's git history is the source. */
const programTypes: Readonly<Record<string, readonly ProgramType[]>> = {
  3.19: ['socket_filter'],
  4.1: ['kprobe', 'sched_cls', 'sched_act'],
  4.7: ['tracepoint'],
  4.8: ['xdp'],
  4.9: ['perf_event'],
  '4.10': ['cgroup_skb', 'cgroup_sock', 'lwt_in', 'lwt_out', 'lwt_xmit'],
  4.13: ['sock_ops'],
  4.14: ['sk_skb'],
  4.15: ['cgroup_device'],
  4.17: ['sk_msg', 'raw_tracepoint', 'cgroup_sock_addr'],
  4.18: ['lwt_seg6local', 'lirc_mode2'],
  4.19: ['sk_reuseport'],
  '4.20': ['flow_dissector'],
  5.2: ['cgroup_sysctl', 'raw_tracepoint_writable'],
  5.3: ['cgroup_sockopt'],
  5.5: ['tracing'],
  5.6: ['struct_ops', 'ext'],
  5.7: ['lsm'],
  5.9: ['sk_lookup'],
  5.14: ['syscall'],
  6.4: ['netfilter'],
}

/** The Linux version that brought each kind of map. */
const mapTypes: Readonly<Record<string, readonly MapType[]>> = {
  3.19: ['hash', 'array'],
  4.2: ['prog_array'],
  4.3: ['perf_event_array'],
  4.6: ['percpu_hash', 'percpu_array', 'stack_trace'],
  4.8: ['cgroup_array'],
  '4.10': ['lru_hash', 'lru_percpu_hash'],
  4.11: ['lpm_trie'],
  4.12: ['array_of_maps', 'hash_of_maps'],
  4.14: ['devmap', 'sockmap'],
  4.15: ['cpumap'],
  4.18: ['xskmap', 'sockhash'],
  4.19: ['cgroup_storage', 'reuseport_sockarray'],
  '4.20': ['percpu_cgroup_storage', 'queue', 'stack'],
  5.2: ['sk_storage'],
  5.4: ['devmap_hash'],
  5.6: ['struct_ops'],
  5.8: ['ringbuf'],
  '5.10': ['inode_storage'],
  5.11: ['task_storage'],
  5.16: ['bloom_filter'],
  6.1: ['user_ringbuf'],
  6.2: ['cgrp_storage'],
  6.9: ['arena'],
  6.19: ['insn_array'],
}

/** Undefined for a kind that is too new to be known here. */
export function programTypeSince(type: ProgramType): string | undefined {
  return Object.entries(programTypes).find(([, types]) => types.includes(type))?.[0]
}

/** Undefined for a kind that is too new to be known here. */
export function mapTypeSince(type: MapType): string | undefined {
  return Object.entries(mapTypes).find(([, types]) => types.includes(type))?.[0]
}

/**
 * Whether it is for the kernel's age that something failed: the probe says so, or cannot tell, since the kind is newer than the
 * libbpf that probes, and so is the version.
 */
export function isLacking(probe: number, since: string | undefined): boolean {
  return probe === 0 || (probe < 0 && since !== undefined && !isAtLeast(since))
}

import type { Capability, CapabilityNeeds } from './capabilities.js'
import type { ProgramType } from './program-type.js'

const bpf: readonly [Capability, ...Capability[]] = ['CAP_BPF', 'CAP_SYS_ADMIN']
const network: readonly [Capability, ...Capability[]] = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']
const tracing: readonly [Capability, ...Capability[]] = ['CAP_PERFMON', 'CAP_SYS_ADMIN']

/** Kinds for which CAP_BPF is enough. */
const plain: ReadonlySet<ProgramType> = new Set(['socket_filter', 'cgroup_skb', 'sk_lookup', 'sk_reuseport', 'syscall'])
/** Kinds that may look into the kernel. */
const observing: ReadonlySet<ProgramType> = new Set([
  'kprobe',
  'tracepoint',
  'perf_event',
  'raw_tracepoint',
  'raw_tracepoint_writable',
  'tracing',
  'lsm',
])

/** What a process must be allowed to do to load a program of this kind; see capabilities(7), CAP_BPF. */
export function needsOfProgram(type: ProgramType): CapabilityNeeds {
  if (plain.has(type)) return [bpf]
  if (observing.has(type)) return [bpf, tracing]
  if (type === 'ext' || type === 'struct_ops') return [bpf, network, tracing]
  return [bpf, network]
}

import * as core from '@millrace/core'
import * as maps from '@millrace/maps'
import * as socket from '@millrace/socket'
import * as tc from '@millrace/tc'
import * as xdp from '@millrace/xdp'

/** The capabilities that are given and taken; see `subsets`. */
export const tried = [
  'CAP_BPF',
  'CAP_NET_ADMIN',
  'CAP_PERFMON',
  'CAP_SYS_ADMIN',
  'CAP_SYS_PTRACE',
  'CAP_DAC_OVERRIDE',
] as const

/** What root has prepared for the process that tries. */
export interface Prepared {
  /** an object with a program of each type, named `load_<type>` */
  readonly object: string
  /** a folder on a bpf filesystem that belongs to the user */
  readonly pins: string
  /** another on the same, where each program of `object` that loads is pinned for everybody by its type, and a map as `map` */
  readonly shared: string
  /** ids of a program, a map and a link of somebody else */
  readonly ids: { readonly program: number; readonly map: number; readonly link: number }
  /** of another network namespace */
  readonly netns: {
    /** of a process of root */
    readonly proc: string
    /** the same, mounted where everybody may open it */
    readonly mounted: string
  }
  /** a control group */
  readonly cgroup: string
}

/** Each has alternatives; the first is the one that the library names. */
export type Needs = readonly (readonly [Capability, ...Capability[]])[]
export type Capability = (typeof tried)[number]

/** A call of the public API, and what it takes. */
export interface Operation {
  /** heading in the table */
  readonly group: string
  /** what the table calls it */
  readonly call: string
  /** one of several of which the same holds */
  readonly of?: string
  readonly needs: Needs
  run(prepared: Prepared): unknown
}

const bpf = ['CAP_BPF', 'CAP_SYS_ADMIN'] as const
const network = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN'] as const
const tracing = ['CAP_PERFMON', 'CAP_SYS_ADMIN'] as const
const netAdmin = ['CAP_NET_ADMIN'] as const
const dac = ['CAP_DAC_OVERRIDE'] as const
const ptrace = ['CAP_SYS_PTRACE'] as const
const sysAdmin = ['CAP_SYS_ADMIN'] as const

const all = [
  'socket_filter sched_cls sched_act xdp cgroup_skb cgroup_sock cgroup_sock_addr cgroup_device cgroup_sysctl cgroup_sockopt',
  'lwt_in lwt_out lwt_xmit lwt_seg6local sock_ops sk_skb sk_msg sk_lookup sk_reuseport flow_dissector tracepoint',
  'raw_tracepoint raw_tracepoint_writable perf_event kprobe tracing lsm syscall netfilter',
].flatMap((line) => line.split(' '))

function loads(needs: Needs, types: string): Operation[] {
  return types.split(' ').map((type) => ({
    group: 'Loading programs',
    call: 'load(), a program of type',
    of: type,
    needs,
    run({ object }) {
      const omit = all.filter((it) => it !== type).map((it) => `load_${it}`)
      core.loadSync(object, { omit }).close()
    },
  }))
}

/** What kinds of maps take that are not like most. */
const sizes: Readonly<Record<string, Partial<core.RawMapOptions>>> = {
  lpm_trie: { keySize: 8, flags: 1 },
  stack_trace: { valueSize: 8 },
  queue: { keySize: 0 },
  stack: { keySize: 0 },
  bloom_filter: { keySize: 0 },
  ringbuf: { keySize: 0, valueSize: 0, maxEntries: 4096 },
  user_ringbuf: { keySize: 0, valueSize: 0, maxEntries: 4096 },
  arena: { keySize: 0, valueSize: 0, flags: 1 << 10 },
  reuseport_sockarray: { valueSize: 8 },
}

function creates(needs: Needs, types: string): Operation[] {
  return types.split(' ').map((type) => ({
    group: 'Making maps',
    call: 'RawMap.create(), a map of type',
    of: type,
    needs,
    run() {
      const plain = { type: type as core.MapType, name: 'tried', keySize: 4, valueSize: 4, maxEntries: 1 }
      core.RawMap.create({ ...plain, ...sizes[type] }).close()
    },
  }))
}

const key = maps.u32
const value = maps.u32

function typed(needs: Needs, call: string, make: () => { close(): void }): Operation {
  return { group: 'Making maps', call, needs, run: () => make().close() }
}

function op(group: string, call: string, needs: Needs, run: Operation['run']): Operation {
  return { group, call, needs, run }
}

/** Opens a program that is pinned for everybody. */
function pinned<T extends core.ProgramType>(shared: string, type: T): core.Program<T> {
  return core.Program.open(`${shared}/${type}`).as(type)
}

function mapOf(shared: string): core.RawMap {
  return core.RawMap.open(`${shared}/map`)
}

const pins = 'Pins and ids'
const hooks = 'Attaching'
const runs = 'Running and looking'

/** All, in the order of the table. */
export const operations: readonly Operation[] = [
  ...loads([bpf], 'socket_filter cgroup_skb sk_lookup sk_reuseport syscall'),
  ...loads(
    [bpf, network],
    'xdp sched_cls sched_act sock_ops sk_skb sk_msg flow_dissector cgroup_sock cgroup_sock_addr cgroup_device',
  ),
  ...loads([bpf, network], 'cgroup_sysctl cgroup_sockopt lwt_in lwt_out lwt_xmit lwt_seg6local netfilter'),
  ...loads([bpf, tracing], 'tracepoint raw_tracepoint raw_tracepoint_writable perf_event kprobe'),

  ...creates([bpf], 'hash array percpu_hash percpu_array lru_hash lru_percpu_hash lpm_trie queue stack bloom_filter'),
  ...creates([bpf], 'ringbuf user_ringbuf perf_event_array prog_array cgroup_array stack_trace cpumap arena'),
  ...creates([bpf], 'reuseport_sockarray'),
  ...creates([bpf, network], 'devmap devmap_hash xskmap sockmap sockhash'),
  typed([bpf], 'HashMap.create()', () => maps.HashMap.create({ name: 'tried', key, value, maxEntries: 1 })),
  typed([bpf], 'SocketStorage.create()', () => maps.SocketStorage.create({ name: 'tried', value })),

  op(pins, 'RawMap.open(), and Program.open(), of a pin that the user may read and write', [], ({ shared }) => {
    mapOf(shared).close()
    pinned(shared, 'xdp').close()
  }),
  op(pins, 'pin(), and unpin(), in a folder of the user', [], ({ shared, pins: folder }) => {
    using map = mapOf(shared)
    map.pin(`${folder}/tried`)
    map.unpin()
  }),
  op(pins, 'pin() in a folder of somebody else', [dac], ({ shared }) => {
    using map = mapOf(shared)
    map.pin(`${shared}/tried`)
    map.unpin()
  }),
  op(pins, 'RawMap.open() of a pin of somebody else', [dac], ({ shared }) => core.RawMap.open(`${shared}/own`).close()),
  op(pins, 'RawMap.openById()', [sysAdmin], ({ ids }) => core.RawMap.openById(ids.map).close()),
  op(pins, 'Program.openById()', [sysAdmin], ({ ids }) => core.Program.openById(ids.program).close()),
  op(pins, 'Link.openById()', [sysAdmin], ({ ids }) => core.Link.openById(ids.link).close()),
  op(pins, 'listPrograms()', [sysAdmin], () => core.listPrograms()),
  op(pins, 'listMaps()', [sysAdmin], () => core.listMaps()),
  op(pins, 'listLinks()', [sysAdmin], () => core.listLinks()),

  op(hooks, 'attachXdp()', [netAdmin], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    xdp.attachXdp(program, 'lo').close()
  }),
  op(hooks, "attachXdp({ mechanism: 'netlink' })", [netAdmin], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    xdp.attachXdp(program, 'lo', { mechanism: 'netlink' }).close()
  }),
  op(hooks, 'XdpAttachment.update()', [netAdmin], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    using attachment = xdp.attachXdp(program, 'lo')
    attachment.update(program)
  }),
  op(hooks, 'attachXdp({ replace: true }) where a program is', [sysAdmin, netAdmin], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    xdp.attachXdp(program, 'busy', { replace: true, mode: 'generic' }).close()
  }),
  op(hooks, 'Link.update() of a link whose pin the user may read and write', [], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    using link = core.Link.open(`${shared}/link`)
    link.update(program)
  }),
  op(hooks, 'attachXdp({ netns }), a mounted namespace', [sysAdmin, netAdmin], ({ shared, netns }) => {
    using program = pinned(shared, 'xdp')
    xdp.attachXdp(program, 'lo', { netns: netns.mounted }).close()
  }),
  op(
    hooks,
    'attachXdp({ netns }), of a process of somebody else',
    [ptrace, sysAdmin, netAdmin],
    ({ shared, netns }) => {
      using program = pinned(shared, 'xdp')
      xdp.attachXdp(program, 'lo', { netns: netns.proc }).close()
    },
  ),
  op(hooks, "attachTc({ mechanism: 'tcx' })", [], ({ shared }) => {
    using program = pinned(shared, 'sched_cls')
    tc.attachTc(program, 'lo', { direction: 'ingress', mechanism: 'tcx' }).close()
  }),
  op(hooks, "attachTc({ mechanism: 'clsact' })", [netAdmin], ({ shared }) => {
    using program = pinned(shared, 'sched_cls')
    tc.attachTc(program, 'lo', { direction: 'ingress', mechanism: 'clsact' }).close()
  }),
  op(hooks, 'attachCgroup(), hooks of cgroup_skb', [network], ({ shared, cgroup }) => {
    using program = pinned(shared, 'cgroup_skb')
    socket.attachCgroup(program, cgroup, { hook: 'ingress' }).close()
  }),
  op(hooks, "attachCgroup({ mechanism: 'direct' })", [network], ({ shared, cgroup }) => {
    using program = pinned(shared, 'cgroup_sock_addr')
    socket.attachCgroup(program, cgroup, { hook: 'connect4', mechanism: 'direct' }).close()
  }),
  op(hooks, 'attachCgroup(), all other hooks', [], ({ shared, cgroup }) => {
    using program = pinned(shared, 'cgroup_sock_addr')
    socket.attachCgroup(program, cgroup, { hook: 'connect4' }).close()
  }),
  op(hooks, 'attachSkLookup()', [], ({ shared }) => {
    using program = pinned(shared, 'sk_lookup')
    socket.attachSkLookup(program).close()
  }),
  op(hooks, 'attachFlowDissector()', [], ({ shared }) => {
    using program = pinned(shared, 'flow_dissector')
    socket.attachFlowDissector(program).close()
  }),

  op(hooks, 'attachSockMap()', [network], ({ shared }) => {
    using program = pinned(shared, 'sk_skb')
    using map = maps.SockMap.open(`${shared}/sockmap`)
    socket.attachSockMap(program, map, { hook: 'sk_skb_stream_verdict' }).close()
  }),

  op(runs, 'Program.testRun()', [], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    program.testRun({ data: new Uint8Array(64) })
  }),
  op(runs, 'info() of maps and programs', [], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    using map = mapOf(shared)
    program.info()
    map.info()
  }),
  op(runs, 'Program.instructions()', [bpf], ({ shared }) => {
    using program = pinned(shared, 'xdp')
    program.instructions()
  }),
  op(runs, 'reading, writing, deleting entries of an open map', [], ({ shared }) => {
    using map = maps.HashMap.open(`${shared}/map`, { key, value })
    map.set(1, 2)
    map.get(1)
    map.delete(1)
    map.clear()
  }),
  op(runs, 'PerfReader.of()', [tracing], ({ shared }) => {
    using map = core.RawMap.open(`${shared}/perf`)
    core.PerfReader.of(map).close()
  }),
  op(runs, 'queryXdp()', [], () => xdp.queryXdp('busy')),
  op(runs, 'queryTc()', [network], () => tc.queryTc('lo', { direction: 'ingress' })),
  op(runs, 'queryCgroup()', [network], ({ cgroup }) => socket.queryCgroup(cgroup, { hook: 'connect4' })),
  op(runs, 'enableStatistics()', [sysAdmin], () => core.enableStatistics().close()),
  op(runs, 'isSupported(), a map type', [bpf], () => core.isSupported({ mapType: 'hash' })),
  op(runs, 'isSupported(), program type xdp', [bpf, network], () => core.isSupported({ programType: 'xdp' })),
  op(runs, 'preflight(), and requiredKernel(), and importing the packages', [], () => {
    core.preflight()
    core.requiredKernel({ mapType: 'hash' })
  }),
]

/** Sets of capabilities that tell apart what is needed: none, all, each alone, all but each, and whatever a call asks for. */
export function subsets(): readonly (readonly Capability[])[] {
  const found = new Map<string, readonly Capability[]>()
  const add = (wanted: readonly Capability[]) => {
    const set = tried.filter((it) => wanted.includes(it))
    found.set(set.join(' '), set)
  }
  add([])
  add(tried)
  for (const one of tried) {
    add([one])
    add(tried.filter((it) => it !== one))
  }
  for (const { needs } of operations) {
    const least = needs.map(([first]) => first)
    add(least)
    for (const one of least) add(least.filter((it) => it !== one))
  }
  return [...found.values()]
}

/** What lacks first; undefined: it is allowed. */
export function lacking(needs: Needs, granted: readonly Capability[]): Capability | undefined {
  return needs.find((alternatives) => !alternatives.some((it) => granted.includes(it)))?.[0]
}

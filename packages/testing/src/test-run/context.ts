import { ArgumentError } from '../errors/index.js'

/**
 * What an XDP program finds in its `struct xdp_md`.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { packet, testRun } from '@millrace/testing'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * const { context } = testRun(fw.programs.firewall, packet().ethernet(), { context: { ingressIfindex: 1 } })
 * console.log(context?.metadata?.length)
 * ```
 */
export interface XdpContext {
  /** an interface of this process's network namespace; default 0, none */
  readonly ingressIfindex?: number | undefined
  /** needs an `ingressIfindex` */
  readonly rxQueueIndex?: number | undefined
  /** in front of the packet, as bpf_xdp_adjust_meta makes it: a multiple of 4 bytes, at most 252 */
  readonly metadata?: Uint8Array | undefined
}

/**
 * What a tc or cgroup program finds in its `struct __sk_buff`.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { packet, type TestableProgram, testRun } from '@millrace/testing'
 *
 * using object = await load('./classifier.bpf.o')
 * const program = object.programs.classify as TestableProgram<'sched_cls'>
 * const { context } = testRun(program, packet().ethernet().ipv4().udp(), { context: { mark: 7 } })
 * console.log(context?.mark)
 * ```
 */
export interface SkbContext {
  readonly mark?: number | undefined
  readonly priority?: number | undefined
  /** the interface the program runs at, of this process's network namespace; default `lo` */
  readonly ifindex?: number | undefined
  /** where the packet came in, of this process's network namespace */
  readonly ingressIfindex?: number | undefined
  /** five 32-bit numbers, the programs' own scratch space */
  readonly cb?: readonly number[] | undefined
}

/** The context of a kind of program that has one in a test run. */
export type Context<T extends string> = T extends 'xdp' ? XdpContext : T extends SkbType ? SkbContext : undefined

type SkbType = (typeof skbTypes)[number]
const skbTypes = ['sched_cls', 'sched_act', 'cgroup_skb', 'lwt_in', 'lwt_out', 'lwt_xmit'] as const

/** Bytes of the kernel's struct, and the packet as it goes in with it. */
export interface ContextBytes {
  readonly context?: Uint8Array
  readonly data: Uint8Array
}

// Offsets in struct xdp_md and struct __sk_buff of linux/bpf.h. Both are in the byte order of the host.
const xdpMd = { data: 0, dataEnd: 4, ingressIfindex: 12, rxQueueIndex: 16, size: 24 }
const skBuff = { mark: 8, priority: 32, ingressIfindex: 36, ifindex: 40, cb: 48, size: 192 }

export function encodeContext(type: string, context: XdpContext & SkbContext, packet: Uint8Array): ContextBytes {
  if (type === 'xdp') return encodeXdp(context, packet)
  if (skbTypes.some((it) => it === type)) return { context: encodeSkb(context), data: packet }
  throw new ArgumentError('options.context', context, `undefined: a ${type} program has no context in a test run`)
}

/** The context after a run, and the packet without the metadata in front of it. */
export function decodeContext<T extends string>(
  type: T,
  bytes: Uint8Array,
  data: Uint8Array,
): [Context<T>, Uint8Array] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const get = (offset: number) => view.getUint32(offset, true)
  if (type === 'xdp') {
    const metadata = get(xdpMd.data)
    const context: XdpContext = {
      ingressIfindex: get(xdpMd.ingressIfindex),
      rxQueueIndex: get(xdpMd.rxQueueIndex),
      metadata: data.slice(0, metadata),
    }
    return [context as Context<T>, data.subarray(metadata)]
  }
  const context: SkbContext = {
    mark: get(skBuff.mark),
    priority: get(skBuff.priority),
    ifindex: get(skBuff.ifindex),
    ingressIfindex: get(skBuff.ingressIfindex),
    cb: Array.from({ length: 5 }, (_, index) => get(skBuff.cb + index * 4)),
  }
  return [context as Context<T>, data]
}

function encodeXdp(
  { ingressIfindex = 0, rxQueueIndex = 0, metadata = new Uint8Array(0) }: XdpContext,
  packet: Uint8Array,
) {
  const data = new Uint8Array(metadata.length + packet.length)
  data.set(metadata)
  data.set(packet, metadata.length)
  const context = new Uint8Array(xdpMd.size)
  const view = new DataView(context.buffer)
  view.setUint32(xdpMd.data, metadata.length, true)
  view.setUint32(xdpMd.dataEnd, data.length, true)
  view.setUint32(xdpMd.ingressIfindex, ingressIfindex, true)
  view.setUint32(xdpMd.rxQueueIndex, rxQueueIndex, true)
  return { context, data }
}

function encodeSkb({ mark = 0, priority = 0, ifindex = 0, ingressIfindex = 0, cb = [] }: SkbContext): Uint8Array {
  const context = new Uint8Array(skBuff.size)
  const view = new DataView(context.buffer)
  view.setUint32(skBuff.mark, mark, true)
  view.setUint32(skBuff.priority, priority, true)
  view.setUint32(skBuff.ifindex, ifindex, true)
  view.setUint32(skBuff.ingressIfindex, ingressIfindex, true)
  for (const [index, value] of cb.entries()) view.setUint32(skBuff.cb + index * 4, value, true)
  return context
}

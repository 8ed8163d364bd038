import { type DecodedPacket, Packet, parsePacket } from '../packet/index.js'
import { type Context, decodeContext, encodeContext } from './context.js'
import { type Action, actionOf } from './verdicts.js'

/**
 * A program that can be run over a packet: a `Program` of `@millrace/core`, or whatever looks like it.
 *
 * @example
 * ```ts
 * import { packet, type TestableProgram, testRun } from '@millrace/testing'
 *
 * const drops: TestableProgram<'xdp'> = {
 *   type: 'xdp',
 *   testRun: ({ data = new Uint8Array(0) }) => ({ returnValue: 1, data, durationNs: 0 }),
 * }
 * console.log(testRun(drops, packet().ethernet().arp()).action) // drop
 * ```
 */
export interface TestableProgram<T extends string = string> {
  /** kind of the program as bpftool prints it: `xdp`, `sched_cls` ... */
  readonly type: T
  /** Runs it once, or `repeat` times, over `data`; `durationNs` is the mean time a run. */
  testRun(options: {
    readonly data?: Uint8Array | undefined
    readonly context?: Uint8Array | undefined
    readonly repeat?: number | undefined
  }): {
    readonly returnValue: number
    readonly data: Uint8Array
    readonly context?: Uint8Array | undefined
    readonly durationNs: number
  }
}

/** Options of {@link testRun}. */
export interface TestRunOptions<T extends string = string> {
  /**
   * what the program finds around the packet; {@link TestRunResult.context} is there only when this is
   *
   * @kernel 5.15 for XDP
   */
  readonly context?: Context<T> | undefined
  /** runs, for measuring; default 1. The packet is not restored between them. */
  readonly repeat?: number | undefined
}

/** What came of {@link testRun}. */
export interface TestRunResult<T extends string = string> {
  /** the verdict by name: `drop`, `pass` ... of XDP, `ok`, `shot` ... of tc */
  readonly action: Action<T>
  readonly returnValue: number
  /** as the program left it */
  readonly packet: DecodedPacket
  /** of the packet */
  readonly bytes: Uint8Array
  /** as the program left it; undefined when no context was given */
  readonly context: Context<T> | undefined
  /** nanoseconds a run, the kernel's mean */
  readonly durationNs: number
}

/** These see the packet from its IP header on, and the kernel gives it back with an empty Ethernet header. */
const layer3Types: readonly string[] = ['cgroup_skb', 'lwt_in', 'lwt_out', 'lwt_xmit', 'lwt_seg6local']
const ethernetSize = 14

/**
 * Runs a program over a packet, in the kernel and without any network, and says what it decided and made of it.
 *
 * A packet for a program that sees no Ethernet header (`cgroup_skb`, `lwt_...`) may start with its IP header.
 *
 * @throws what `program.testRun` throws, and {@link ArgumentError}
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { packet, testRun } from '@millrace/testing'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * const syn = packet().ethernet().ipv4({ source: '10.0.0.1' }).tcp({ destinationPort: 80, syn: true })
 * const { action, packet: after } = testRun(fw.programs.firewall, syn)
 * console.log(action, after.get('ipv4')?.ttl) // pass 64
 * ```
 */
export function testRun<T extends string>(
  program: TestableProgram<T>,
  input: Packet | Uint8Array,
  options: TestRunOptions<T> = {},
): TestRunResult<T> {
  const { type } = program
  const isLayer3 = layer3Types.includes(type)
  const whole = input instanceof Packet ? (isLayer3 ? withEthernet(input) : input).build() : input
  const { context, repeat } = options
  const sent = context === undefined ? { data: whole } : encodeContext(type, context, whole)
  const run = program.testRun({ ...sent, repeat })
  const [contextAfter, data] =
    context === undefined || run.context === undefined
      ? [undefined, run.data]
      : decodeContext(type, run.context, run.data)
  const bytes = isLayer3 ? data.subarray(ethernetSize) : data
  return {
    action: actionOf(type, run.returnValue),
    returnValue: run.returnValue,
    packet: parsePacket(bytes, { from: isLayer3 ? 'ip' : 'ethernet' }),
    bytes,
    context: contextAfter,
    durationNs: run.durationNs,
  }
}

function withEthernet(packet: Packet): Packet {
  if (packet.layers[0]?.layer === 'ethernet') return packet
  return new Packet([...new Packet().ethernet().layers, ...packet.layers])
}

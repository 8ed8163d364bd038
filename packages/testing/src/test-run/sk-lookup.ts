import { putIpv4, putIpv6 } from '../address/index.js'
import { ArgumentError } from '../errors/index.js'
import type { TestableProgram } from './test-run.js'
import { type Action, actionOf } from './verdicts.js'

/** One end of a connection. */
export interface SocketAddress {
  /** IPv4 or IPv6; both ends of the same family */
  readonly address: string
  readonly port: number
}

/** What the kernel looks for a socket for. */
export interface SkLookupOptions {
  readonly protocol: 'tcp' | 'udp'
  /** that the packet was sent to */
  readonly local: SocketAddress
  /** that it came from */
  readonly remote: SocketAddress
  /** interface that it came in by, of this process's network namespace; default 0, none */
  readonly ingressIfindex?: number | undefined
  /** runs, for measuring; default 1 */
  readonly repeat?: number | undefined
}

/** What came of {@link testSkLookup}. */
export interface SkLookupResult {
  readonly action: Action<'sk_lookup'>
  readonly returnValue: number
  /** of the socket that was chosen, as SO_COOKIE tells it; undefined: none was, and the kernel would look itself */
  readonly socketCookie: bigint | undefined
  /** nanoseconds a run, the kernel's mean */
  readonly durationNs: number
}

// Offsets in struct bpf_sk_lookup of linux/bpf.h, in the byte order of the host but for addresses and the remote port.
const at = {
  cookie: 0,
  family: 8,
  protocol: 12,
  remote: 16,
  remotePort: 36,
  local: 40,
  localPort: 60,
  ingressIfindex: 64,
}
const size = 72
const protocols = { tcp: 6, udp: 17 } as const
const AF_INET = 2
const AF_INET6 = 10

/**
 * Runs an sk_lookup program for a connection that nobody makes, and says which socket it chose.
 *
 * @throws {@link ArgumentError} for addresses that are none, or of two families
 * @throws what `program.testRun` throws
 * @kernel 5.13; Debian's 5.10 has it, too
 * @example
 * ```ts
 * import { type TestableProgram, testSkLookup } from '@millrace/testing'
 *
 * function check(program: TestableProgram<'sk_lookup'>) {
 *   const { action, socketCookie } = testSkLookup(program, {
 *     protocol: 'tcp',
 *     local: { address: '192.0.2.1', port: 443 },
 *     remote: { address: '198.51.100.7', port: 40000 },
 *   })
 *   console.log(action, socketCookie)
 * }
 * ```
 */
export function testSkLookup(program: TestableProgram<'sk_lookup'>, options: SkLookupOptions): SkLookupResult {
  const { returnValue, context, durationNs } = program.testRun({ context: encode(options), repeat: options.repeat })
  const cookie = context && new DataView(context.buffer, context.byteOffset).getBigUint64(at.cookie, true)
  return {
    action: actionOf('sk_lookup', returnValue),
    returnValue,
    socketCookie: cookie === 0n ? undefined : cookie,
    durationNs,
  }
}

function encode({ protocol, local, remote, ingressIfindex = 0 }: SkLookupOptions): Uint8Array {
  if (!Object.hasOwn(protocols, protocol)) throw new ArgumentError('options.protocol', protocol, "'tcp' or 'udp'")
  const context = new Uint8Array(size)
  const view = new DataView(context.buffer)
  const isIpv6 = remote.address.includes(':')
  view.setUint32(at.family, isIpv6 ? AF_INET6 : AF_INET, true)
  view.setUint32(at.protocol, protocols[protocol], true)
  // The field of IPv6 follows the one of IPv4.
  for (const [name, { address }] of Object.entries({ remote, local })) {
    const offset = at[name as 'remote' | 'local']
    if (isIpv6) putIpv6(context, offset + 4, address, `options.${name}.address`)
    else putIpv4(context, offset, address, `options.${name}.address`)
  }
  view.setUint16(at.remotePort, checkPort('options.remote.port', remote.port))
  view.setUint32(at.localPort, checkPort('options.local.port', local.port), true)
  view.setUint32(at.ingressIfindex, ingressIfindex, true)
  return context
}

function checkPort(argument: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 0xffff) return port
  throw new ArgumentError(argument, port, 'an integer from 0 to 65535')
}

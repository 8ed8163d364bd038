import { readFileSync } from 'node:fs'
import { UnsupportedKernelError } from '@millrace/core'
import { type Host, topology } from '@millrace/testing'
import { vi } from 'vitest'
import { queryNetkit } from '../src/index.js'
import { FAR, NEAR, PORT } from './network.js'

/** Whether this kernel has netkit. A guest with one that has none fails: see test/guest/vitest.config.ts. */
export const hasNetkit = process.env.MILLRACE_GUEST !== undefined || knowsNetkit()

function knowsNetkit(): boolean {
  try {
    queryNetkit('lo', { endpoint: 'primary', pids: false })
  } catch (error) {
    return !(error instanceof UnsupportedKernelError)
  }
  throw new Error('the loopback device has hooks of netkit')
}

/** What is not told is up to the kernel: mode l3, and packets pass. */
export interface NetkitPair {
  /** `l2`: with addresses of Ethernet and ARP */
  readonly mode: 'l2' | 'l3'
  /** What the primary device and the peer do with packets while there is no program. */
  readonly policy: 'pass' | 'drop'
}

/**
 * Two hosts and a netkit pair between them, named eth0 on both sides. What `near` sends passes the hook of `endpoint`.
 */
export async function makeNetkitNetwork(endpoint: 'primary' | 'peer', { mode, policy }: NetkitPair) {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const network = await topology({ hosts: { near: { sysctls }, far: { sysctls } }, links: [] })
  const { near, far } = network.hosts
  const [primary, peer] = endpoint === 'primary' ? [near, far] : [far, near]
  try {
    await makePair(primary, peer, { mode, policy })
    await Promise.all([configure(near, NEAR), configure(far, FAR)])
  } catch (error) {
    await network.close()
    throw error
  }
  const delivered = () => packetsOf(far)
  /** When it resolves, they have passed the programs. Not by Node, which takes seconds to start in a guest. */
  const send = (count = 1) => must(near, 'bash', '-c', datagrams, 'bash', String(count))
  /** When it resolves, they are there, and all that was sent before them is or never will be. */
  const deliver = async (count = 1) => {
    const before = delivered()
    await send(count)
    await vi.waitFor(() => {
      if (delivered() < before + count) throw new Error(`${delivered() - before} of ${count} packets came`)
    }, 20_000)
  }
  const traffic = { send, deliver, delivered }
  return {
    near,
    far,
    primary,
    peer,
    ...traffic,
    close: () => network.close(),
    [Symbol.asyncDispose]: () => network.close(),
  }
}

const datagrams = `for ((sent = 0; sent < $1; sent++)); do echo x > /dev/udp/${FAR}/${PORT} || exit; done`

/** IP packets that have got through to a host. */
function packetsOf(host: Host): number {
  const counters = readFileSync(host.netns.replace('/ns/net', '/net/snmp'), 'utf8')
  // Ip: Forwarding DefaultTTL InReceives ...
  return Number(/^Ip: \d+ \d+ (\d+)/m.exec(counters)?.[1])
}

/** RTM_NEWLINK, since the iproute2 of Debian 12 does not know netkit. */
const newLink = `
  use Socket;
  my ($namespace, $mode, $policy) = @ARGV;
  my $attribute = sub { my ($type, $value) = @_; pack('SSa*x![4]', 4 + length $value, $type, $value) };
  my $device = pack('Cx15');
  my ($IFNAME, $LINKINFO, $NET_NS_PID, $KIND, $DATA) = (3, 18, 19, 1, 2);
  my ($PEER_INFO, $POLICY, $PEER_POLICY, $MODE) = (1, 3, 4, 5);
  my $name = $attribute->($IFNAME, "eth0\\0");
  my $peer = $device . $name . $attribute->($NET_NS_PID, pack 'L', $namespace);
  my $data = $attribute->($PEER_INFO, $peer) . $attribute->($POLICY, pack 'l', $policy)
    . $attribute->($PEER_POLICY, pack 'l', $policy) . $attribute->($MODE, pack 'L', $mode);
  my $link = $attribute->($KIND, 'netkit') . $attribute->($DATA, $data);
  my $body = $device . $name . $attribute->($LINKINFO, $link);
  my ($RTM_NEWLINK, $FLAGS) = (16, 0x605); # NLM_F_REQUEST, ACK, CREATE, EXCL
  socket my $netlink, 16, SOCK_RAW, 0 or die "socket: $!";
  send $netlink, pack('LSSLL', 16 + length $body, $RTM_NEWLINK, $FLAGS, 1, 0) . $body, 0 or die "send: $!";
  recv $netlink, my $answer, 4096, 0;
  $! = -unpack 'x16l', $answer;
  die "netkit: $!" if $!;
`

const modes = { l2: 0, l3: 1 } as const
const policies = { pass: 0, drop: 2 } as const

async function makePair(primary: Host, peer: Host, { mode, policy }: NetkitPair): Promise<void> {
  const namespace = /^\/proc\/(\d+)\/ns\/net$/.exec(peer.netns)?.[1] ?? ''
  await must(primary, 'perl', '-e', newLink, namespace, String(modes[mode]), String(policies[policy]))
}

async function configure(host: Host, address: string): Promise<void> {
  await must(host, 'ip', 'address', 'add', `${address}/24`, 'dev', 'eth0')
  await must(host, 'ip', 'link', 'set', 'eth0', 'up')
}

async function must(host: Host, command: string, ...words: string[]): Promise<void> {
  const { code, stderr } = await host.run(command, words)
  if (code !== 0) throw new Error(`${command} on ${host.name}: ${stderr}`)
}

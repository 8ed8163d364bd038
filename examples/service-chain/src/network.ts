import { type Host, topology } from '@millrace/testing'

/** The documentation networks of RFC 5737. */
export const CLIENT = '192.0.2.10'
/** On the client too: it sends more than it should. */
export const NOISY = '192.0.2.66'
export const SERVER = '198.51.100.10'
export const HTTP_PORT = 8080
export const IPERF_PORT = 5201
export const PROBE_PORT = 9000
export const NOISE_PORT = 9001

/** On the gateway, towards the client. */
export const INTERFACE = 'clients0'

/** client ── gateway ── server, each in a network namespace that is gone when this process is. */
export async function buildNetwork() {
  const network = await declareNetwork()
  try {
    const { client, gateway, server } = network.hosts
    await prepare(client, 'eth0')
    await prepare(gateway, INTERFACE)
    await prepare(gateway, 'servers0')
    await prepare(server, 'eth0')
    return network
  } catch (error) {
    await network.close()
    throw error
  }
}

/** Packets that an interface holds back. */
const QUEUE = 5_000

/**
 * Makes an end of a veth pair lose nothing and keep the order, so that whatever TCP sends again tells of the chain.
 *
 * In front of native XDP there is room for 256 packets; what finds none is dropped, unless there is a queue to hold it back (since Linux
 * 6.16). And packets are received by the processor that sent them, so that those of one connection overtake each other when
 * the sender moves; here one processor receives them all.
 */
async function prepare(host: Host, name: string): Promise<void> {
  const steer = 'mount -t sysfs sysfs /sys && echo 1 > /sys/class/net/$0/queues/rx-0/rps_cpus'
  await must(host, 'tc', ['qdisc', 'add', 'dev', name, 'root', 'pfifo', 'limit', `${QUEUE}`])
  await must(host, 'unshare', ['--mount', 'sh', '-c', steer, name])
}

async function must(host: Host, command: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await host.run(command, args)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`)
}

function declareNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      client: {
        interfaces: { eth0: { addresses: [`${CLIENT}/24`, `${NOISY}/24`] } },
        routes: [{ to: 'default', via: '192.0.2.1' }],
        // No tail loss probes (RFC 8985): they are for answers that are late, which they are when the machine is busy.
        sysctls: { ...sysctls, 'net.ipv4.tcp_early_retrans': 0 },
      },
      gateway: {
        interfaces: { [INTERFACE]: { addresses: ['192.0.2.1/24'] }, servers0: { addresses: ['198.51.100.1/24'] } },
        forwarding: true,
        sysctls,
      },
      server: {
        interfaces: { eth0: { addresses: [`${SERVER}/24`] } },
        routes: [{ to: 'default', via: '198.51.100.1' }],
        sysctls,
      },
    },
    links: [
      ['client:eth0', `gateway:${INTERFACE}`],
      ['gateway:servers0', 'server:eth0'],
    ],
  })
}

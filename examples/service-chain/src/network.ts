import { topology } from '@millrace/testing'

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
export function buildNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      client: {
        interfaces: { eth0: { addresses: [`${CLIENT}/24`, `${NOISY}/24`] } },
        routes: [{ to: 'default', via: '192.0.2.1' }],
        sysctls,
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

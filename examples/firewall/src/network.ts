import { topology } from '@millrace/testing'

/** The documentation networks of RFC 5737. */
export const CLIENTS = { address: '192.0.2.0', prefixLength: 24 }
export const CLIENT = '192.0.2.10'
/** On the client too, and always let through. */
export const ALLOWED = '192.0.2.53'
export const SERVER = '198.51.100.10'
export const HTTP_PORT = 8080
export const SINK_PORT = 9000

/** client ── gateway ── server, each in a network namespace that is gone when this process is. */
export function buildNetwork() {
  // Without IPv6 the kernel sends no packets of its own accord, and every one of them can be accounted for.
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      client: {
        interfaces: { eth0: { addresses: [`${CLIENT}/24`, `${ALLOWED}/24`] } },
        routes: [{ to: 'default', via: '192.0.2.1' }],
        sysctls,
      },
      gateway: {
        interfaces: { clients0: { addresses: ['192.0.2.1/24'] }, servers0: { addresses: ['198.51.100.1/24'] } },
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
      ['client:eth0', 'gateway:clients0'],
      ['gateway:servers0', 'server:eth0'],
    ],
  })
}

import { topology } from '@millrace/testing'

export const NEAR = '10.0.0.1'
export const FAR = '10.0.0.2'

/** Two hosts and a veth pair between them. Nothing is sent but what a test sends. */
export function makeNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      near: { interfaces: { eth0: { addresses: [`${NEAR}/24`] } }, sysctls },
      far: { interfaces: { eth0: { addresses: [`${FAR}/24`] } }, sysctls },
    },
    links: [['near:eth0', 'far:eth0']],
  })
}

export type Network = Awaited<ReturnType<typeof makeNetwork>>

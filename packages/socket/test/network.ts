import { topology } from '@millrace/testing'

/** Addresses of the hosts that {@link makeNetwork} makes: each has two of either family. */
export const near = { ipv4: '10.0.0.1', ipv6: 'fd00::1', second: { ipv4: '10.0.0.11', ipv6: 'fd00::11' } } as const
export const far = { ipv4: '10.0.0.2', ipv6: 'fd00::2', second: { ipv4: '10.0.0.12', ipv6: 'fd00::12' } } as const

/** Two hosts and a veth pair between them. */
export function makeNetwork() {
  const host = ({ ipv4, ipv6, second }: typeof near | typeof far) => ({
    interfaces: {
      // What is sent comes from the first address of IPv4, and from the last of IPv6.
      eth0: { addresses: [`${ipv4}/24`, `${second.ipv4}/24`, `${second.ipv6}/64`, `${ipv6}/64`] },
    },
  })
  return topology({ hosts: { near: host(near), far: host(far) }, links: [['near:eth0', 'far:eth0']] })
}

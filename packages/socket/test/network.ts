import { topology } from '@millrace/testing'

/** Addresses of the hosts that {@link makeNetwork} makes. */
export const near = { ipv4: '10.0.0.1', ipv6: 'fd00::1' } as const
export const far = { ipv4: '10.0.0.2', ipv6: 'fd00::2' } as const

/** Two hosts and a veth pair between them. */
export function makeNetwork() {
  const host = ({ ipv4, ipv6 }: { readonly ipv4: string; readonly ipv6: string }) => ({
    interfaces: { eth0: { addresses: [`${ipv4}/24`, `${ipv6}/64`] } },
  })
  return topology({ hosts: { near: host(near), far: host(far) }, links: [['near:eth0', 'far:eth0']] })
}

import { type Host, topology } from '@millrace/testing'

export const NEAR = '10.0.0.1'
export const FAR = '10.0.0.2'
/** To which the programs of witnesses.bpf.c pay heed. */
export const PORT = 9000

/** Two hosts and a veth pair between them. Nothing is sent but what a test sends. */
export async function makeNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const network = await topology({
    hosts: {
      near: { interfaces: { eth0: { addresses: [`${NEAR}/24`] } }, sysctls },
      far: { interfaces: { eth0: { addresses: [`${FAR}/24`] } }, sysctls },
    },
    links: [['near:eth0', 'far:eth0']],
  })
  const { near, far } = network.hosts
  await Promise.all([know(near, FAR, far), know(far, NEAR, near)])
  return network
}

/** No ARP is needed then. */
async function know(host: Host, address: string, other: Host): Promise<void> {
  await host.run('ip', ['neighbour', 'replace', address, 'lladdr', other.interface('eth0').mac, 'dev', 'eth0'])
}

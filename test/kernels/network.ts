import { type Host, topology } from '@millrace/testing'

/** Two hosts with a link; what `near` sends comes to eth0 of `far`. */
export async function makeNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const network = await topology({
    hosts: {
      near: { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } }, sysctls },
      far: { interfaces: { eth0: { addresses: ['10.0.0.2/24'] } }, sysctls },
    },
    links: [['near:eth0', 'far:eth0']],
  })
  return network
}

/** Whether an echo comes back from the far end, of several that are asked for. */
export async function reaches(near: Host): Promise<boolean> {
  const { code } = await near.run('ping', ['-c', '2', '-i', '0.2', '-W', '2', '10.0.0.2'])
  return code === 0
}

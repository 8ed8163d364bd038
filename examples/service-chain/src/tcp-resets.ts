import type { Host } from '@millrace/testing'

/** Connections of a host that were reset, by either side, and resets that it sent (RFC 1213, tcpEstabResets and tcpOutRsts). */
export async function tcpResets(host: Host): Promise<number> {
  const { stdout } = await host.run('cat', ['/proc/net/snmp'])
  const [titles = [], counts = []] = stdout
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '))
  return ['EstabResets', 'OutRsts'].reduce((sum, title) => sum + Number(counts[titles.indexOf(title)]), 0)
}

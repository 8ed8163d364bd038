import type { Host } from '@millrace/testing'

interface LinkStatistics {
  readonly stats64: { readonly rx: { readonly dropped: number }; readonly tx: { readonly dropped: number } }
}

/**
 * Packets that a host has dropped because nobody took them in time: at its ends of veth pairs, and at its UDP sockets: what
 * never reached the chain, or has left it, is not the chain's loss.
 */
export async function queueDrops(host: Host): Promise<number> {
  const links = await host.run('ip', ['-statistics', '-json', 'link', 'show', 'type', 'veth'])
  const ofLinks = (JSON.parse(links.stdout) as LinkStatistics[]).map(
    ({ stats64: { rx, tx } }) => rx.dropped + tx.dropped,
  )
  const sockets = await host.run('cat', ['/proc/net/udp'])
  // After a line of titles; drops are the last column.
  const ofSockets = sockets.stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.trim().split(/\s+/).at(-1)))
  return [...ofLinks, ...ofSockets].reduce((sum, drops) => sum + drops, 0)
}

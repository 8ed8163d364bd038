import type { Host } from '@millrace/testing'

interface LinkStatistics {
  readonly stats64: { readonly rx: { readonly dropped: number }; readonly tx: { readonly dropped: number } }
}

/**
 * Packets that an end of a veth pair has dropped because nobody took them in time. In front of native XDP there is room for 256: on a busy
 * machine the transfer fills that, and what comes then never reaches the chain.
 */
export async function queueDrops(host: Host, name: string): Promise<number> {
  const { stdout } = await host.run('ip', ['-statistics', '-json', 'link', 'show', 'dev', name])
  const [link] = JSON.parse(stdout) as LinkStatistics[]
  return link === undefined ? 0 : link.stats64.rx.dropped + link.stats64.tx.dropped
}

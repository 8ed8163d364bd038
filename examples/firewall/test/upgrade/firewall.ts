import { existsSync } from 'node:fs'
import { Link, load } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import { firewall } from '../../src/generated/firewall.bpf.js'

/**
 * Starts one version of the firewall: with the maps that are pinned, and in the link that is pinned, where there are any. `say` is told how far it
 * has come; returns the id of the program.
 */
export async function start(
  version: number,
  pins: string,
  iface: string,
  say: (phase: string) => void,
): Promise<number> {
  say('loading')
  using fw = await load(firewall, {
    constants: { version },
    maps: {
      allowed: { pin: `${pins}/allowed` },
      blocked: { pin: `${pins}/blocked` },
      counters: { pin: `${pins}/counters` },
    },
  })
  say('loaded')
  const path = `${pins}/link`
  if (existsSync(path)) {
    using link = Link.open(path)
    link.update(fw.programs.firewall)
  } else {
    using attachment = attachXdp(fw.programs.firewall, iface)
    attachment.link?.pin(path)
  }
  say('running')
  return fw.programs.firewall.id
}

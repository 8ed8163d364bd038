import { type AdoptChainOptions, type PinPlace, type StageBehaviour, TailCallChain } from '../src/index.js'
import type { Network } from './network.js'

/** Every way in which a chain can be kept on a hook. */
export const variants = [
  { name: 'native XDP, a link', hook: 'xdp', mode: 'native', mechanism: 'link' },
  { name: 'generic XDP, a link', hook: 'xdp', mode: 'generic', mechanism: 'link' },
  { name: 'native XDP, netlink', hook: 'xdp', mode: 'native', mechanism: 'netlink' },
  { name: 'tc ingress, TCX', hook: 'tc', direction: 'ingress', mechanism: 'tcx' },
  { name: 'tc ingress, clsact', hook: 'tc', direction: 'ingress', mechanism: 'clsact' },
  { name: 'tc egress, TCX', hook: 'tc', direction: 'egress', mechanism: 'tcx' },
  { name: 'tc egress, clsact', hook: 'tc', direction: 'egress', mechanism: 'clsact' },
] as const

export type Variant = (typeof variants)[number]

/** Where the variant's chain stands so that it sees what `near` sends to `far`. */
export function placeOf({ name: _, ...variant }: Variant, { hosts }: Network) {
  const { netns } = variant.hook === 'tc' && variant.direction === 'egress' ? hosts.near : hosts.far
  return { ...variant, interface: 'eth0', netns }
}

/** Makes a chain there, before all else on the hook. */
export function createAt(variant: Variant, network: Network, options: CommonOptions = {}): Promise<TailCallChain> {
  const place = placeOf(variant, network)
  if (place.hook === 'xdp') return TailCallChain.create({ ...place, ...options })
  return TailCallChain.create({ order: 'first', ...place, ...options })
}

/** What a chain can be told wherever it stands. */
type CommonOptions = StageBehaviour & Partial<PinPlace> & { readonly end?: 'pass' | 'drop' }

/** What names a pinned chain there, for who adopts or purges it. */
export function pinnedAt(variant: Variant, network: Network, pinned: Required<PinPlace>): AdoptChainOptions<'xdp'> {
  const { hook, interface: iface, netns } = placeOf(variant, network)
  const direction = 'direction' in variant ? { direction: variant.direction } : {}
  // Of the one hook or the other: the tests of all variants do not tell them apart.
  return { hook, interface: iface, netns, ...direction, ...pinned } as AdoptChainOptions<'xdp'>
}

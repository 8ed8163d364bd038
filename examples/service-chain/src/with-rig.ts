import { TailCallChain } from '@millrace/chain'
import { load } from '@millrace/core'
import type { LpmTrieMap } from '@millrace/maps'
import { type Ipv4Prefix, type MrCounter, stagesTc } from './generated/stages_tc.bpf.js'
import { stagesXdp } from './generated/stages_xdp.bpf.js'
import { INTERFACE } from './network.js'
import type { HookName } from './options.js'
import { Rig } from './rig.js'

/** A chain on the gateway, and what the firewall in it blocks. */
export interface OpenRig {
  readonly rig: Rig<'xdp'> | Rig<'tc'>
  readonly blocked: LpmTrieMap<Ipv4Prefix, MrCounter>
}

/** Loads two versions of the stages, puts an empty chain on the hook, and takes all of it down again when `use` has ended. */
export function withRig<T>(hook: HookName, netns: string, use: (open: OpenRig) => Promise<T>): Promise<T> {
  return hook === 'xdp' ? withXdp(netns, use) : withTc(hook, netns, use)
}

async function withXdp<T>(netns: string, use: (open: OpenRig) => Promise<T>): Promise<T> {
  using first = await load(stagesXdp)
  const { blocked, services, buckets } = first.maps
  // The second version works on the tables of the first.
  using second = await load(stagesXdp, {
    maps: { blocked: { replace: blocked }, services: { replace: services }, buckets: { replace: buckets } },
  })
  await using chain = await TailCallChain.create({ hook: 'xdp', interface: INTERFACE, netns })
  return await use({ rig: new Rig(chain, [first.programs, second.programs]), blocked })
}

/** The same at tc on ingress, by TCX or by a clsact filter. */
async function withTc<T>(hook: 'tc' | 'clsact', netns: string, use: (open: OpenRig) => Promise<T>): Promise<T> {
  using first = await load(stagesTc)
  const { blocked, services, buckets } = first.maps
  using second = await load(stagesTc, {
    maps: { blocked: { replace: blocked }, services: { replace: services }, buckets: { replace: buckets } },
  })
  await using chain = await TailCallChain.create({
    hook: 'tc',
    interface: INTERFACE,
    netns,
    direction: 'ingress',
    mechanism: hook === 'tc' ? 'auto' : 'clsact',
  })
  return await use({ rig: new Rig(chain, [first.programs, second.programs]), blocked })
}

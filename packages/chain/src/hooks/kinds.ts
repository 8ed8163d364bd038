import type { Link, Program } from '@millrace/core'
import type { Interface } from '@millrace/core/internal'
import { endTc } from '../generated/end_tc.bpf.js'
import { endXdp } from '../generated/end_xdp.bpf.js'
import { endXdpFrags } from '../generated/end_xdp_frags.bpf.js'
import type { CreateChainOptions, TcPlace, XdpPlace } from '../options.js'
import type { Attachment, ChainHook, Hook } from './hook.js'
import { PinnedLink } from './pinned-link.js'
import { attachToTc, programsOnTc, regainTc, tcHook } from './tc.js'
import { attachToXdp, modeOnXdp, programsOnXdp, regainXdp, xdpHook } from './xdp.js'

/** Where a chain stands. */
export type Place = XdpPlace | TcPlace

/** The kind of program that runs there. */
export const programTypeOf = { xdp: 'xdp', tc: 'sched_cls' } as const satisfies Record<ChainHook, string>

/**
 * enum bpf_attach_type that all programs of a chain are loaded for, as tail calls go only between programs of one (Linux 6.18). Of
 * tc 0, as section `tc` has it, whatever other section a stage is in. Of XDP there is only one that can be attached to an interface.
 */
export const attachTypeOf = { xdp: undefined, tc: 0 } as const satisfies Record<ChainHook, number | undefined>

/** The program behind the last stage. */
export function endSpec(hook: ChainHook, frags: boolean): typeof endXdp | typeof endXdpFrags | typeof endTc {
  if (hook === 'tc') return endTc
  return frags ? endXdpFrags : endXdp
}

/** @throws what `attachXdp` and `attachTc` throw */
export function attachTo(end: Program, options: CreateChainOptions[ChainHook]): Hook {
  return options.hook === 'xdp' ? attachToXdp(end, options) : attachToTc(end, options)
}

/** Ids of the programs that the hook itself keeps; on XDP also of one that a link keeps there. */
export function programsOn(place: Place, iface: Interface): number[] {
  return place.hook === 'xdp' ? programsOnXdp(iface) : programsOnTc(place.direction, iface)
}

/** Takes hold of a program that the hook itself keeps. */
export function regain(head: Program, place: Place & { readonly pin: string }, iface: Interface): Attachment {
  return place.hook === 'xdp' ? regainXdp(head, place, iface) : regainTc(head, place, iface)
}

/** BPF_TCX_INGRESS and BPF_TCX_EGRESS */
const tcxAttachTypes = { ingress: 46, egress: 47 } as const

/** Whether that is where the link is. */
export function standsOn(link: Link, place: Place): boolean {
  const { type, attachType } = link.info()
  if (place.hook === 'xdp') return type === 'xdp'
  return type === 'tcx' && attachType === tcxAttachTypes[place.direction]
}

/** The hook with a link that a process before this one has made. */
export function hookOfLink(link: Link, place: Place, iface: Interface, head: Program): Hook {
  const mode = place.hook === 'xdp' ? modeOnXdp(place, iface, head.id) : undefined
  return hookWith(new PinnedLink(link, mode), place, iface)
}

/** The hook with an attachment that is there already. */
export function hookWith(attachment: Attachment, place: Place, iface: Interface): Hook {
  return place.hook === 'xdp' ? xdpHook(attachment, iface) : tcHook(attachment, place, iface)
}

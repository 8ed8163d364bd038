import type { LinkType } from '../link-type.js'

/** The Linux version that brought each kind of link; the kernel's git history is the source. */
const links: Readonly<Record<string, readonly LinkType[]>> = {
  5.7: ['raw_tracepoint', 'tracing', 'cgroup'],
  5.8: ['iter', 'netns'],
  5.9: ['xdp'],
  5.15: ['perf_event'],
  5.18: ['kprobe_multi'],
  6.4: ['netfilter', 'struct_ops'],
  6.6: ['tcx', 'uprobe_multi'],
  6.7: ['netkit'],
  '6.10': ['sockmap'],
}

/** What is done to hooks besides, with the Linux version that brought it. */
const abilities = {
  /** a link that was made is detached by whoever holds it */
  'link detach': '5.9',
  /** a link to a function of an XDP or tc program, and one program to several of them */
  freplace: '5.10',
  /** a link to the lookup of sockets; the kind of link is as old as the flow dissector's */
  'sk_lookup link': '5.9',
  /** which programs a sockmap has */
  'sockmap query': '5.18',
  /** before and after others in a control group, and its revision */
  'cgroup order': '6.17',
} as const

/** Something that is done to hooks, for {@link attachmentSince}. */
export type AttachmentAbility = keyof typeof abilities

/**
 * The Linux version that brought a kind of link, or something else that is done to hooks: for UnsupportedKernelError, so that
 * all packages say the same. Undefined for a kind that is too new to be known here.
 */
export function attachmentSince(what: AttachmentAbility): string
export function attachmentSince(what: LinkType | AttachmentAbility): string | undefined
export function attachmentSince(what: LinkType | AttachmentAbility): string | undefined {
  if (Object.hasOwn(abilities, what)) return abilities[what as AttachmentAbility]
  return Object.entries(links).find(([, types]) => types.some((type) => type === what))?.[0]
}

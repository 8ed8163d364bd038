import type { Program, ProgramType } from '@millrace/core'

interface Hook {
  /** enum bpf_attach_type */
  readonly attachType: number
  /** the kind of program that runs there */
  readonly type: ProgramType
  /** ELF section for it, as libbpf knows it */
  readonly section: string
  /** Linux version that brought it */
  readonly since: string
}

/** The hooks of SockMaps and SockHashes. */
export const sockMapHooks = {
  sk_msg_verdict: { attachType: 7, type: 'sk_msg', section: 'sk_msg', since: '4.17' },
  sk_skb_stream_parser: { attachType: 4, type: 'sk_skb', section: 'sk_skb/stream_parser', since: '4.14' },
  sk_skb_stream_verdict: { attachType: 5, type: 'sk_skb', section: 'sk_skb/stream_verdict', since: '4.14' },
  sk_skb_verdict: { attachType: 38, type: 'sk_skb', section: 'sk_skb/verdict', since: '5.13' },
} as const satisfies Record<string, Hook>

type Hooks = typeof sockMapHooks

/**
 * What a program of a SockMap or SockHash decides over:
 *
 * - `sk_msg_verdict`: what the map's sockets send, call by call, before it becomes packets. TCP only.
 * - `sk_skb_stream_verdict`: what they receive, before the process can read it. TCP only.
 * - `sk_skb_stream_parser`: beside the former, where a verdict is to be on whole messages: tells where each ends.
 * - `sk_skb_verdict`: what they receive, also from UDP and Unix sockets. It excludes the two before it.
 *
 * @kernel 4.17, 4.14, 4.14, 5.13
 *
 * @example
 * ```ts
 * import { SockMap } from '@millrace/maps'
 * import { querySockMap, type SockMapHook } from '@millrace/socket'
 *
 * const hook: SockMapHook = 'sk_skb_stream_verdict'
 * using peers = SockMap.open('/sys/fs/bpf/peers')
 * console.log(querySockMap(peers).find((it) => it.hook === hook)?.program.name)
 * ```
 */
export type SockMapHook = keyof Hooks

export const sockMapHookNames = Object.keys(sockMapHooks) as SockMapHook[]

/** Kinds of programs that run at a hook of SockMaps. */
export type SockMapProgramType = Hooks[SockMapHook]['type']

/** A program of a kind that runs at a hook of SockMaps. */
export type SockMapProgram = Program<SockMapProgramType>

/**
 * The hook of a program, by its type: one for a program that was loaded with its generated module, all of its kind for one that was
 * opened, or whose section is only `sk_skb`.
 */
export type SockMapHookOf<T extends SockMapProgramType, S extends string> = {
  [H in SockMapHook]: [T] extends [Hooks[H]['type']]
    ? [S] extends [Exclude<Hooks[SockMapHook]['section'], Hooks[H]['section']>]
      ? never
      : H
    : never
}[SockMapHook]

/** Undefined: the section does not tell, or is for something else. */
export function hookOfSection(section: string | undefined): SockMapHook | undefined {
  return sockMapHookNames.find((hook) => sockMapHooks[hook].section === section)
}

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
 * - `sk_skb_stream_verdict`: what they receive, before the process can read it. TCP only; before Linux 5.10 with a parser only.
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
export type SockMapProgramType<H extends SockMapHook = SockMapHook> = Hooks[H]['type']

/** A program of a kind that runs at a hook of SockMaps. */
export type SockMapProgram = Program<SockMapProgramType>

/** Whether a program of kind `T` and section `S` may be one for hook `H`. Section `sk_skb` is for any hook of its kind. */
type Fits<T, S extends string, H extends SockMapHook> = [T] extends [SockMapProgramType<H>]
  ? string extends S
    ? true
    : S extends Hooks[H]['section'] | 'sk_skb'
      ? true
      : false
  : false

/**
 * The hooks that a program may be attached to, by its type: one for a program that was loaded with its generated module, all of its
 * kind for one that was opened.
 */
export type SockMapHookOf<P> =
  P extends Program<infer T, infer S>
    ? { [H in SockMapHook]: Fits<T, S, H> extends true ? H : never }[SockMapHook]
    : never

/** A program whose type tells its hook. */
export type HookedSockMapProgram =
  | { [H in SockMapHook]: Program<SockMapProgramType<H>, Hooks[H]['section']> }[SockMapHook]
  | Program<'sk_msg'>

/** What `P` must be to stand at hook `H`: itself, or nothing that exists. */
export type ForSockMapHook<P, H extends SockMapHook> = [H & SockMapHookOf<P>] extends [never] ? never : P

/** Undefined: the section does not tell, or is for something else. */
export function hookOfSection(section: string | undefined): SockMapHook | undefined {
  return sockMapHookNames.find((hook) => sockMapHooks[hook].section === section)
}

import type { Program, ProgramType } from '@millrace/core'

interface Hook {
  /** enum bpf_attach_type */
  readonly attachType: number
  /** the kind of program that runs there */
  readonly type: ProgramType
  /** ELF sections for it, as libbpf knows them */
  readonly sections: readonly string[]
  /** Linux version that brought it */
  readonly since: string
}

const sockAddr = <const S extends string>(attachType: number, section: S, since: string) =>
  ({ attachType, type: 'cgroup_sock_addr', sections: [section], since }) as const
const sock = <const S extends readonly string[]>(attachType: number, sections: S, since: string) =>
  ({ attachType, type: 'cgroup_sock', sections, since }) as const
const skb = <const S extends string>(attachType: number, section: S) =>
  ({ attachType, type: 'cgroup_skb', sections: [section], since: '4.10' }) as const

/** The hooks of control groups that have to do with sockets. */
export const cgroupHooks = {
  connect4: sockAddr(10, 'cgroup/connect4', '4.17'),
  connect6: sockAddr(11, 'cgroup/connect6', '4.17'),
  bind4: sockAddr(8, 'cgroup/bind4', '4.17'),
  bind6: sockAddr(9, 'cgroup/bind6', '4.17'),
  sendmsg4: sockAddr(14, 'cgroup/sendmsg4', '4.18'),
  sendmsg6: sockAddr(15, 'cgroup/sendmsg6', '4.18'),
  recvmsg4: sockAddr(19, 'cgroup/recvmsg4', '5.2'),
  recvmsg6: sockAddr(20, 'cgroup/recvmsg6', '5.2'),
  getpeername4: sockAddr(29, 'cgroup/getpeername4', '5.8'),
  getpeername6: sockAddr(30, 'cgroup/getpeername6', '5.8'),
  getsockname4: sockAddr(31, 'cgroup/getsockname4', '5.8'),
  getsockname6: sockAddr(32, 'cgroup/getsockname6', '5.8'),
  ingress: skb(0, 'cgroup_skb/ingress'),
  egress: skb(1, 'cgroup_skb/egress'),
  sock_create: sock(2, ['cgroup/sock_create', 'cgroup/sock'], '4.10'),
  sock_release: sock(34, ['cgroup/sock_release'], '5.9'),
  post_bind4: sock(12, ['cgroup/post_bind4'], '4.17'),
  post_bind6: sock(13, ['cgroup/post_bind6'], '4.17'),
  sock_ops: { attachType: 3, type: 'sock_ops', sections: ['sockops'], since: '4.13' },
} as const satisfies Record<string, Hook>

type Hooks = typeof cgroupHooks

/**
 * A place in the life of a control group's sockets where programs run, named as the end of its ELF section: `connect4` for
 * `SEC("cgroup/connect4")`.
 *
 * @example
 * ```ts
 * import { type CgroupHook, queryCgroup } from '@millrace/socket'
 *
 * const hooks: readonly CgroupHook[] = ['connect4', 'connect6']
 * for (const hook of hooks) console.log(hook, queryCgroup('/sys/fs/cgroup', { hook }).programs.length)
 * ```
 */
export type CgroupHook = keyof Hooks

export const cgroupHookNames = Object.keys(cgroupHooks) as CgroupHook[]

/** Kinds of programs that run at a hook of control groups. */
export type CgroupProgramType<H extends CgroupHook = CgroupHook> = Hooks[H]['type']

/** Sections whose programs are for this hook. */
export type CgroupSection<H extends CgroupHook = CgroupHook> = Hooks[H]['sections'][number]

/** The section of a cgroup_skb program that was not written for one direction. */
type EitherDirection = 'cgroup/skb'

/** Whether a program of kind `T` and section `S` may be one for hook `H`. */
type Fits<T, S extends string, H extends CgroupHook> = [T] extends [CgroupProgramType<H>]
  ? string extends S
    ? true
    : S extends CgroupSection<H> | (H extends 'ingress' | 'egress' ? EitherDirection : never)
      ? true
      : false
  : false

/**
 * The hooks that a program may be attached to, by its type: one for a program that was loaded with its generated module, all of its
 * kind for one that was opened.
 */
export type CgroupHookOf<P> =
  P extends Program<infer T, infer S>
    ? { [H in CgroupHook]: Fits<T, S, H> extends true ? H : never }[CgroupHook]
    : never

/** A program whose type tells its hook. */
export type HookedCgroupProgram =
  | { [H in CgroupHook]: Program<CgroupProgramType<H>, CgroupSection<H>> }[CgroupHook]
  | Program<'sock_ops'>

/** What `P` must be to stand at hook `H`: itself, or nothing that exists. */
export type ForHook<P, H extends CgroupHook> = [H & CgroupHookOf<P>] extends [never] ? never : P

/** The hook of a section; undefined: the section does not tell, or is for something else. */
export function hookOfSection(section: string | undefined): CgroupHook | undefined {
  return cgroupHookNames.find((hook) => (cgroupHooks[hook].sections as readonly string[]).includes(section ?? ''))
}

/** The hooks of a kind of program. */
export function hooksOfType(type: ProgramType): readonly CgroupHook[] {
  return cgroupHookNames.filter((hook) => cgroupHooks[hook].type === type)
}

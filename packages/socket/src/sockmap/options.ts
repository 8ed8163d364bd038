import { ArgumentError, ClosedError, Program } from '@millrace/core'
import { checkOneOf, checkOptions } from '@millrace/core/internal'
import type { SocketMechanism } from '../mechanism.js'
import { hookOfSection, type SockMapHook, type SockMapProgram, sockMapHookNames, sockMapHooks } from './hooks.js'

/**
 * Options of {@link attachSockMap}.
 *
 * @typeParam H - hooks that the program may be attached to
 */
export interface AttachSockMapOptions<H extends SockMapHook = SockMapHook> {
  /** default: what the section of the program says; for a program that was opened, or whose section is only `sk_skb`, it has to be told */
  readonly hook?: H | undefined
  /** `auto`, the default, is a link, and without one where the kernel gives none (before Linux 6.10) */
  readonly mechanism?: SocketMechanism | 'auto' | undefined
}

/** What {@link attachSockMap} was asked for, checked. */
export interface AttachRequest {
  readonly program: SockMapProgram
  readonly hook: SockMapHook
  readonly mechanism: SocketMechanism | 'auto'
}

export function checkRequest(program: SockMapProgram, options: AttachSockMapOptions): AttachRequest {
  checkProgram('program', program)
  checkOptions('options', options, ['hook', 'mechanism'])
  const mechanism = checkOneOf('options.mechanism', options.mechanism ?? 'auto', ['auto', 'link', 'direct'])
  const hook = checkOneOf('options.hook', options.hook ?? hookOf(program), sockMapHookNames)
  checkHook('program', program, hook)
  return { program, hook, mechanism }
}

/** That a program is one for a hook: of its kind, and if its section tells, of its section. */
export function checkHook(argument: string, program: SockMapProgram, hook: SockMapHook): void {
  checkProgram(argument, program)
  const { type, section } = sockMapHooks[hook]
  if (program.type !== type)
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: type })
  const own = hookOfSection(program.section)
  if (own === undefined || own === hook) return
  throw new ArgumentError({
    argument: `${argument}.section`,
    value: program.section,
    expected: `${section}, for ${hook}`,
  })
}

/** The compiler has checked it, for those who use it. */
function checkProgram(argument: string, program: SockMapProgram): void {
  if (!(program instanceof Program)) {
    throw new ArgumentError({
      argument,
      value: program,
      expected: 'a loaded or opened Program of type sk_msg or sk_skb',
    })
  }
  if (program.type !== 'sk_msg' && program.type !== 'sk_skb') {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: 'sk_msg or sk_skb' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

/** Undefined: there are several, and the section does not tell. */
function hookOf({ type, section }: SockMapProgram): SockMapHook | undefined {
  return type === 'sk_msg' ? 'sk_msg_verdict' : hookOfSection(section)
}

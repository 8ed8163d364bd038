import { ArgumentError, ClosedError, Program } from '@millrace/core'
import type { NetnsHook } from './hook.js'

/** The compiler has checked it, for those who use it. */
export function checkProgram(argument: string, program: Program<NetnsHook>, type: NetnsHook): void {
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: `a loaded or opened Program of type ${type}` })
  }
  if (program.type !== type) {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: type })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

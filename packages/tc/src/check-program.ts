import { ArgumentError, ClosedError, Program } from '@millrace/core'

/** The compiler has checked it, for those who use it. */
export function checkProgram(argument: string, program: Program<'sched_cls'>): void {
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: 'a loaded or opened Program of type sched_cls' })
  }
  if (program.type !== 'sched_cls') {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: 'sched_cls' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

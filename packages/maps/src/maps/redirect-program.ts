import { ArgumentError, ClosedError, Program } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'

/** Which maps run XDP programs of their own, by the word of their sections. */
export type RedirectHook = 'devmap' | 'cpumap'

/**
 * The descriptor of a program that a map is to run, -1 for none.
 *
 * @param argument - what the caller calls the program
 */
export function redirectProgram(argument: string, program: Program<'xdp'> | undefined, hook: RedirectHook): number {
  if (program === undefined) return -1
  // The compiler has checked it, for those who use it.
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: 'a loaded or opened Program of type xdp' })
  }
  if (program.type !== 'xdp') {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: 'xdp' })
  }
  const { section } = program
  // A program that was opened and not loaded here does not tell its section: the kernel knows.
  if (section !== undefined && !section.endsWith(`/${hook}`)) {
    const expected = `xdp/${hook}, or xdp.frags/${hook}: the kernel runs a program where it was loaded for, and nowhere else`
    throw new ArgumentError({ argument: `${argument}.section`, value: section, expected })
  }
  const descriptor = nativeBinding().descriptor(program.handle)
  if (descriptor < 0) throw new ClosedError({ what: 'program', name: program.name })
  return descriptor
}

/** The error for a program that the kernel did not put into a map. */
export function refusedProgram(argument: string, program: Program<'xdp'>, hook: RedirectHook): ArgumentError {
  const expected =
    `a program that was loaded for such a map (section xdp/${hook}), and built as those that the map has: ` +
    'all with frags, or none'
  return new ArgumentError({ argument, value: program.name, expected })
}

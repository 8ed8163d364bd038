import { ArgumentError, ClosedError, Program } from '@millrace/core'
import type { CgroupProgram } from './grip.js'
import { type CgroupHook, cgroupHookNames, cgroupHooks, hookOfSection } from './hooks.js'

/** The compiler has checked it, for those who use it. */
export function checkProgram(argument: string, program: CgroupProgram, hook?: CgroupHook): void {
  const types =
    hook === undefined ? [...new Set(cgroupHookNames.map((it) => cgroupHooks[it].type))] : [cgroupHooks[hook].type]
  if (!(program instanceof Program)) {
    const expected = `a loaded or opened Program of type ${types.join(', ')}`
    throw new ArgumentError({ argument, value: program, expected })
  }
  if (!types.some((type) => type === program.type)) {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: types.join(', ') })
  }
  const own = hookOfSection(program.section)
  if (hook !== undefined && own !== undefined && own !== hook) {
    const expected = `${cgroupHooks[hook].sections[0]}, as this is the hook ${hook}`
    throw new ArgumentError({ argument: `${argument}.section`, value: program.section, expected })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

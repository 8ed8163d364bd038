import { Program, type ProgramType } from '@millrace/core'
import { explain, nativeBinding } from '@millrace/core/internal'

/** The same program by a descriptor of its own, which stays when the caller closes his. */
export function duplicate<T extends ProgramType>(program: Program<T>): Program<T> {
  const native = nativeBinding()
  const handle = native.adopt('program', native.descriptor(program.handle))
  if (typeof handle === 'number') return Program.fromHandle(handle).as(program.type)
  throw explain({ operation: `duplicate the descriptor of program ${program.name}`, errno: handle.errno })
}

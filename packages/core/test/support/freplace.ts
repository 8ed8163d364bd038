import { nativeBinding } from '../../src/binding.js'
import { must, NativeTestObject } from './native.js'
import { objectFile } from './objects.js'

/**
 * Why the kernel has no freplace programs: the errno with which it refuses the simplest one, 0 when it takes them. Kernels are
 * built, or guarded, so that a process with all capabilities gets none.
 */
export const freplaceRefusal: number = refusal()

function refusal(): number {
  const native = nativeBinding()
  using target = new NativeTestObject('extended', ['extended'])
  const { handle, programs } = must(native.objectOpen(objectFile('extended'), 'extended', {}))
  try {
    for (const { name } of programs) native.objectSetProgram(handle, name, { autoload: name === 'dropper' })
    native.objectSetProgram(handle, 'dropper', { extends: { program: target.program('extended'), function: 'slot' } })
    const loaded = native.objectLoadSync(handle)
    if ('errno' in loaded) return loaded.errno
    for (const it of [...Object.values(loaded.maps), ...Object.values(loaded.programs)]) native.close(it)
    return 0
  } finally {
    native.close(handle)
  }
}

import { type Failure, type Handle, type NativeLoaded, nativeBinding } from '../../src/binding.js'
import { objectFile } from './objects.js'

/** What a cold call returned, if that is no failure. */
export function must<T>(result: T | Failure): T {
  if (typeof result !== 'object' || result === null || !('errno' in result)) return result as T
  throw new Error(`errno ${result.errno}: ${result.log}`)
}

/** An object loaded by the addon alone, with the handles by name. */
export class NativeTestObject implements Disposable {
  readonly #loaded: NativeLoaded

  /** @param only - the programs to load; default all */
  constructor(name: string, only?: readonly string[]) {
    const native = nativeBinding()
    const object = must(native.objectOpen(objectFile(name), name, {}))
    try {
      for (const program of object.programs) {
        native.objectSetProgram(object.handle, program.name, { autoload: only?.includes(program.name) ?? true })
      }
      this.#loaded = must(native.objectLoadSync(object.handle))
    } finally {
      native.close(object.handle)
    }
  }

  map(name: string): Handle {
    return this.#loaded.maps[name] ?? 0
  }

  program(name: string): Handle {
    return this.#loaded.programs[name] ?? 0
  }

  [Symbol.dispose](): void {
    const { maps, programs } = this.#loaded
    for (const handle of [...Object.values(maps), ...Object.values(programs)]) nativeBinding().close(handle)
  }
}

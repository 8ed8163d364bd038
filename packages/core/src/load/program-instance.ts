import type { NativeLoaded } from '../binding.js'
import { closedInTime, watchForLeak } from '../leak-watch.js'
import { Program } from '../program.js'
import type { ProgramType } from '../program-type.js'
import { RawMap } from '../raw-map.js'
import type { ProgramOrigin } from './origin.js'

/**
 * One program of an object, loaded once more: what {@link loadAgain} returns. It owns the descriptors of the program and of all
 * its maps, the shared ones included, so it works on whatever becomes of the object that it came from.
 */
export class ProgramInstance<T extends ProgramType = ProgramType> implements Disposable {
  readonly program: Program<T>
  /** all maps of the object, by C name; `.rodata`, `.bss` and their kind by section */
  readonly maps: ReadonlyMap<string, RawMap>
  #closed = false

  /** @internal Takes over the handles, also when it throws. */
  constructor(origin: ProgramOrigin, type: T, loaded: NativeLoaded) {
    const { name, file, spec, options } = origin
    const maps = new Map<string, RawMap>()
    this.maps = maps
    for (const [map, handle] of Object.entries(loaded.maps)) {
      maps.set(map, RawMap.fromHandle(handle, { name: map, owner: this }))
    }
    const handle = loaded.programs[name] ?? 0
    const section = Object.values(spec.programs).find((it) => it.name === name)?.section
    this.program = new Program({
      handle,
      name,
      type,
      section,
      owner: this,
      origin: { file, spec, options, maps, owner: this },
    })
    watchForLeak(this, 'program instance', name)
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes the program and its maps. A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    closedInTime(this)
    this.program.close()
    for (const map of this.maps.values()) map.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

import { type Binding, type Failure, type NativeLoaded, type NativeObject, nativeBinding } from '../binding.js'
import type { ObjectSpec } from '../spec.js'
import { applyOptions, type PlannedMap } from './apply-options.js'
import { loadError } from './load-error.js'
import { checkNames, type LoadOptions } from './load-options.js'
import { LoadedObject } from './loaded-object.js'
import { openObject } from './open-object.js'
import type { Pins } from './pins.js'
import { isSpec, type ObjectFile, type ObjectSource, type UnreadFile } from './source.js'
import { checkNotStale } from './stale-check.js'
import { untypedSpec } from './untyped-spec.js'

type Options = LoadOptions<ObjectSpec, string>

/** One load from file to live object, but for the step that may take long, which is the caller's. */
export class Loading {
  readonly object: NativeObject
  readonly #native: Binding = nativeBinding()
  readonly #file: ObjectFile
  readonly #options: Options
  readonly #spec: ObjectSpec
  readonly #pins: Pins
  readonly #maps: readonly PlannedMap[]

  /** Opens the file, compares it with its module and applies the options: nothing of this reaches the kernel but pins that exist. */
  constructor(source: ObjectSource | ObjectSpec, unread: UnreadFile, options: Options, pins: Pins) {
    this.#options = options
    this.#pins = pins
    this.object = openObject(this.#native, unread, options)
    const file = withBytes(unread, this.object)
    this.#file = file
    try {
      if (isSpec(source)) checkNotStale(source, this.object, file.file)
      this.#spec = isSpec(source) ? source : untypedSpec(file, this.object)
      checkNames(this.#spec, options)
      this.#maps = applyOptions(this.#native, this.object, this.#spec, options, this.#pins)
    } catch (error) {
      this.#native.close(this.object.handle)
      pins.undo()
      throw error
    }
  }

  /**
   * Makes the live object of what the kernel gave. Undefined when somebody else has pinned one of its maps meanwhile: it has
   * to be loaded again, with that one. Pins that were made until then stay, for somebody may use those already.
   */
  finish(loaded: NativeLoaded | Failure): LoadedObject<ObjectSpec, string> | undefined {
    this.#native.close(this.object.handle)
    if ('errno' in loaded) {
      this.#pins.undo()
      throw loadError(loaded, this.object, this.#maps, this.#file.file, this.#options.btf)
    }
    try {
      this.#options.signal?.throwIfAborted()
      if (this.#pins.make(loaded.maps)) {
        const from = { file: this.#file, spec: this.#spec, options: this.#options }
        return new LoadedObject(from, this.#maps, loaded)
      }
    } catch (error) {
      this.#close(loaded)
      this.#pins.undo()
      throw error
    }
    this.#close(loaded)
    return undefined
  }

  #close(loaded: NativeLoaded): void {
    for (const handle of Object.values(loaded.maps)) this.#native.close(handle)
    for (const handle of Object.values(loaded.programs)) this.#native.close(handle)
  }
}

/** The file with its bytes, which opening it may have read. */
function withBytes({ file, name, isOfModule, bytes }: UnreadFile, { image }: NativeObject): ObjectFile {
  return { file, name, isOfModule, bytes: bytes ?? image ?? new Uint8Array() }
}

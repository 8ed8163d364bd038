import { type Binding, type Failure, type NativeLoaded, type NativeObject, nativeBinding } from '../binding.js'
import { errnoName, errnoText } from '../errno.js'
import { ObjectFileError } from '../errors/index.js'
import { explain } from '../explain.js'
import type { ObjectSpec } from '../spec.js'
import { applyOptions, type PlannedMap } from './apply-options.js'
import { lastWords, loadError } from './load-error.js'
import { checkNames, type LoadOptions } from './load-options.js'
import { LoadedObject } from './loaded-object.js'
import type { Pins } from './pins.js'
import { isSpec, type ObjectFile, type ObjectSource, unreadable } from './source.js'
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
  constructor(source: ObjectSource | ObjectSpec, file: ObjectFile, options: Options, pins: Pins) {
    this.#file = file
    this.#options = options
    this.#pins = pins
    this.object = open(this.#native, file, options)
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
      if (this.#pins.make(loaded.maps)) return new LoadedObject(this.#spec, this.#maps, loaded)
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

function open(native: Binding, from: ObjectFile, { pinRoot, btf, logLevel }: Options): NativeObject {
  const { file, name, bytes } = from
  const opened = native.objectOpen(bytes ?? file, name, {
    ...(pinRoot === undefined ? {} : { pinRoot }),
    ...(btf === undefined ? {} : { btfPath: btf }),
    ...(logLevel === undefined ? {} : { kernelLogLevel: logLevel }),
  })
  if (!('errno' in opened)) return opened
  const reason = lastWords(opened.log)
  if (reason === '' && bytes === undefined)
    throw unreadable(from, `${errnoName(opened.errno)}: ${errnoText(opened.errno)}`)
  if (reason === '') throw explain({ operation: `open ${file}`, errno: opened.errno })
  const hint = /BTF is required/.test(reason) ? ' Compile it with clang -g, and do not strip it.' : ''
  throw new ObjectFileError({ file, reason: reason + hint, log: opened.log })
}

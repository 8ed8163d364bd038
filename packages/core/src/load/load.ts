import { nativeBinding } from '../binding.js'
import type { ObjectSpec } from '../spec.js'
import { checkLoadOptions, type LoadOptions, type ProgramName } from './load-options.js'
import type { LoadedObject } from './loaded-object.js'
import { Loading } from './loading.js'
import { Pins } from './pins.js'
import { type ObjectSource, readSource, unreadSource } from './source.js'
import type { UntypedSpec } from './untyped-spec.js'

type AnyOptions = LoadOptions<ObjectSpec, string>
type AnyObject = LoadedObject<ObjectSpec, string>

/**
 * Loads an object file: makes its maps, has its programs verified, and hands them out by name. Given the module that
 * `bpf2ts` wrote, everything is typed, and the module is first compared with the object file. Given a path, a URL or bytes,
 * everything goes by its C name, and maps are bytes.
 *
 * The verifier works on another thread. A load that fails leaves nothing behind: no map, no program, no pin that was not
 * there before.
 *
 * @throws ArgumentError for an option, constant, map or program that does not exist, or a value that does not fit
 * @throws StaleModuleError when module and object file do not agree
 * @throws ObjectFileError when the file cannot be read or is no eBPF object
 * @throws VerifierError with the C line that was refused and why
 * @throws MissingCapabilityError CAP_BPF, and CAP_NET_ADMIN for networking programs
 * @throws UnsupportedKernelError, MapIncompatibleError, PinError, KernelError
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall, {
 *   constants: { defaultVerdict: 2 },
 *   maps: { blocked: { maxEntries: 4096 } },
 *   pinRoot: '/sys/fs/bpf/firewall',
 * })
 * console.log(fw.programs.firewall.info())
 * ```
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 *
 * using object = await load('./firewall.bpf.o')
 * for (const [name, program] of Object.entries(object.programs)) console.log(name, program.type)
 * ```
 */
export async function load<S extends ObjectSpec, const O extends ProgramName<S> = never>(
  spec: S,
  options?: LoadOptions<S, O>,
): Promise<LoadedObject<S, O>>
export async function load(source: ObjectSource, options?: LoadOptions<UntypedSpec, string>): Promise<LoadedObject>
export async function load(source: ObjectSource | ObjectSpec, options: AnyOptions = {}): Promise<AnyObject> {
  checkLoadOptions(options)
  options.signal?.throwIfAborted()
  const file = await readSource(source, options.signal)
  const pins = new Pins(nativeBinding())
  for (;;) {
    const loading = new Loading(source, file, options, pins)
    const object = loading.finish(await nativeBinding().objectLoad(loading.object.handle))
    if (object !== undefined) return object
  }
}

/**
 * As {@link load}, on the calling thread: for starting up, and for scripts. The `signal` option has no effect but when it is
 * aborted beforehand.
 *
 * @example
 * ```ts
 * import { loadSync } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = loadSync(firewall)
 * ```
 */
export function loadSync<S extends ObjectSpec, const O extends ProgramName<S> = never>(
  spec: S,
  options?: LoadOptions<S, O>,
): LoadedObject<S, O>
export function loadSync(source: ObjectSource, options?: LoadOptions<UntypedSpec, string>): LoadedObject
export function loadSync(source: ObjectSource | ObjectSpec, options: AnyOptions = {}): AnyObject {
  checkLoadOptions(options)
  options.signal?.throwIfAborted()
  const file = unreadSource(source)
  const pins = new Pins(nativeBinding())
  for (;;) {
    const loading = new Loading(source, file, options, pins)
    const object = loading.finish(nativeBinding().objectLoadSync(loading.object.handle))
    if (object !== undefined) return object
  }
}

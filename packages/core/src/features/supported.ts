import { nativeBinding } from '../binding.js'
import { type CapabilityNeeds, isInitialUserNamespace, missingCapability, needsBpf } from '../capabilities.js'
import { checkOptions } from '../check.js'
import { errno } from '../errno.js'
import { ArgumentError } from '../errors/index.js'
import { explain } from '../explain.js'
import { type MapType, mapTypes } from '../map-type.js'
import { needsOfProgram } from '../program-needs.js'
import { type ProgramType, programTypes } from '../program-type.js'
import { suggest } from '../suggest.js'
import { type Helper, helperByName, helperNames } from './helpers.js'
import { mapTypeSince, programTypeSince } from './versions.js'

/** Something that a kernel may or may not have: a kind of program, a kind of map, or a helper for a kind of program. */
export type Feature =
  | { readonly programType: ProgramType; readonly helper?: undefined }
  | { readonly mapType: MapType }
  | { readonly helper: string; readonly programType: ProgramType }

/**
 * Whether the running kernel has a feature, found out by trying it.
 *
 * @throws ArgumentError for a name that does not exist
 * @throws MissingCapabilityError when this process may not try
 * @throws KernelError EOPNOTSUPP for helpers of programs that must be attached to be tried: tracing, lsm, ext, struct_ops
 *
 * @example
 * ```ts
 * import { isSupported, requiredKernel } from '@millrace/core'
 *
 * const arena = { mapType: 'arena' } as const
 * if (!isSupported(arena)) console.error(`arenas need Linux ${requiredKernel(arena)}`)
 * if (isSupported({ helper: 'bpf_redirect_peer', programType: 'sched_cls' })) console.log('packets can skip a backlog queue')
 * ```
 */
export function isSupported(feature: Feature): boolean {
  const { name, probe, needs } = describe(feature)
  // A probe that was not allowed is no answer, though libbpf takes it for a no.
  const result = probe() || (mayTry(needs) ? 0 : -errno.EPERM)
  if (result < 0) throw explain({ operation: `find out whether the kernel has ${name}`, errno: result, needs })
  return result > 0
}

/**
 * The Linux version that brought a feature, such as `5.8`. Distributions may have taken it into older kernels:
 * {@link isSupported} asks the kernel itself. Undefined for what is too new to be known here.
 *
 * @throws ArgumentError for a name that does not exist
 *
 * @example
 * ```ts
 * import { requiredKernel } from '@millrace/core'
 *
 * console.log(requiredKernel({ mapType: 'ringbuf' }))    // 5.8
 * ```
 */
export function requiredKernel(feature: Feature): string | undefined {
  return describe(feature).since
}

function describe(feature: Feature) {
  checkOptions('feature', feature, ['programType', 'mapType', 'helper'])
  const native = nativeBinding()
  if ('mapType' in feature) {
    const type = mapTypes.check('feature.mapType', feature.mapType)
    const probe = () => native.probeMapType(type)
    return { name: `map type ${feature.mapType}`, since: mapTypeSince(feature.mapType), probe, needs: needsBpf }
  }
  const type = programTypes.check('feature.programType', feature.programType)
  const needs = needsOfProgram(feature.programType)
  if (feature.helper !== undefined) {
    const { id, name, since } = checkHelper(feature.helper)
    // A load that was not allowed does not complain of the helper, which libbpf takes for a yes.
    const probe = () => (mayTry(needs) ? known(native.probeHelper(type, id)) : 0)
    return { name: `helper ${name}`, since, probe, needs }
  }
  const since = programTypeSince(feature.programType)
  return { name: `program type ${feature.programType}`, since, probe: () => native.probeProgramType(type), needs }
}

function mayTry(needs: CapabilityNeeds): boolean {
  return missingCapability(needs) === undefined && isInitialUserNamespace()
}

function checkHelper(name: unknown): Helper {
  const helper = typeof name === 'string' ? helperByName(name) : undefined
  if (helper !== undefined) return helper
  const suggestion = typeof name === 'string' ? suggest(name, helperNames()) : undefined
  const expected = 'a helper function of linux/bpf.h, such as bpf_redirect_map'
  throw new ArgumentError({ argument: 'feature.helper', value: name, expected, suggestion })
}

/** A kind of program that the kernel does not have has none of the helpers. */
function known(result: number): number {
  return result === -errno.EINVAL ? 0 : result
}

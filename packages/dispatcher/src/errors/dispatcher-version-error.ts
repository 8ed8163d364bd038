import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_DISPATCHER_VERSION`: the interface has a dispatcher of another version of libxdp's protocol. What it means by its
 * configuration is not known here, so it is left alone: take its programs out with the tool that has put them in
 * (`xdp-loader unload`), or have that tool add yours.
 *
 * @example
 * ```ts
 * import { DispatcherVersionError, queryDispatcher } from '@millrace/dispatcher'
 *
 * try {
 *   queryDispatcher('eth0')
 * } catch (error) {
 *   if (error instanceof DispatcherVersionError) console.error(error.version, error.supported)
 * }
 * ```
 */
export class DispatcherVersionError extends MillraceError {
  static {
    brand(DispatcherVersionError, 'DispatcherVersionError')
  }

  override readonly code = 'ERR_DISPATCHER_VERSION'
  /** `XDP on eth0` */
  readonly target: string
  /** id of the dispatcher */
  readonly programId: number
  readonly version: number
  /** the version that is spoken here */
  readonly supported: number

  constructor(fields: {
    readonly target: string
    readonly programId: number
    readonly version: number
    readonly supported: number
  }) {
    const { target, programId, version, supported } = fields
    const age = version > supported ? 'newer' : 'older'
    super(
      `${target} has a dispatcher (id ${programId}) of version ${version} of libxdp's protocol, which is ${age} than ` +
        `version ${supported} and is left alone; take its programs out with the tool that has put them in`,
    )
    this.target = target
    this.programId = programId
    this.version = version
    this.supported = supported
  }
}

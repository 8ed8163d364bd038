import type { Interface } from '@millrace/core/internal'
import type { Standing, TcMechanism } from '../mechanism.js'

/** One hook with a list of programs that the kernel orders (`mprog`): what TCX and netkit are. */
export interface ListHook {
  readonly mechanism: TcMechanism
  readonly interface: Interface
  readonly attachType: number
  /** as errors name it */
  readonly target: string
  list(): Standing
}

import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_CGROUP_GONE`: the control group was removed, and with it everything that was attached to it. Another one of the same
 * name is not the same: attach anew.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachCgroup, CgroupGoneError } from '@millrace/socket'
 * import { redirect } from './redirect.bpf.js'
 *
 * using object = await load(redirect)
 * using attachment = attachCgroup(object.programs.connect4, '/sys/fs/cgroup/web')
 * try {
 *   console.log(attachment.query())
 * } catch (error) {
 *   if (error instanceof CgroupGoneError) console.error(`${error.cgroup} was removed`)
 * }
 * ```
 */
export class CgroupGoneError extends MillraceError {
  static {
    brand(CgroupGoneError, 'CgroupGoneError')
  }

  override readonly code = 'ERR_CGROUP_GONE'
  /** the path it had */
  readonly cgroup: string

  constructor({ cgroup }: { readonly cgroup: string }) {
    super(`the control group ${cgroup} does not exist any more`)
    this.cgroup = cgroup
  }
}

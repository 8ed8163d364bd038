import type { Cgroup } from './cgroup.js'
import type { CgroupHook } from './hooks.js'

/** Where programs stand. */
export interface Place {
  readonly cgroup: Cgroup
  readonly hook: CgroupHook
}

/** How errors name it: `connect4 of /sys/fs/cgroup/web`. */
export function target({ cgroup, hook }: Place): string {
  return `${hook} of ${cgroup.path}`
}

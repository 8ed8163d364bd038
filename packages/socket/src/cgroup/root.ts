import { readFileSync } from 'node:fs'
import { KernelError } from '@millrace/core'
import { errno } from '@millrace/core/internal'

/**
 * Where cgroup v2 is mounted: `/sys/fs/cgroup`, or `/sys/fs/cgroup/unified` on systems that run it beside v1.
 *
 * @throws KernelError when it is not mounted
 *
 * @example
 * ```ts
 * import { mkdirSync } from 'node:fs'
 * import { cgroupRoot } from '@millrace/socket'
 *
 * mkdirSync(`${cgroupRoot()}/web`)      // a control group of its own
 * ```
 */
export function cgroupRoot(): string {
  const root = cgroupMounts()[0]
  if (root !== undefined) return root
  throw new KernelError({
    operation: 'find the root of cgroup v2',
    errno: errno.ENOENT,
    hint: 'it is mounted nowhere: mount -t cgroup2 none /sys/fs/cgroup',
  })
}

/** Where cgroup v2 is mounted; a mount of the whole tree comes before those of parts of it. */
export function cgroupMounts(mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): string[] {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    // proc_pid_mountinfo(5): id, parent, device, root, mount point, options, any number of optional fields, -, type
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root = '', path = ''] = before.split(' ')
    return after.startsWith('cgroup2 ') ? [{ root: unescapePath(root), path: unescapePath(path) }] : []
  })
  return mounts.toSorted((a, b) => a.root.length - b.root.length).map(({ path }) => path)
}

/** Spaces and the like come as three octal digits. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}

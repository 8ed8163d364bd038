import { type BigIntStats, statfsSync, statSync } from 'node:fs'
import { ArgumentError } from '@millrace/core'
import { checkString, errno, explain } from '@millrace/core/internal'
import { CgroupGoneError } from '../errors/index.js'
import { cgroupMounts } from './root.js'

/** A control group that exists, or did when it was looked up. */
export interface Cgroup {
  readonly path: string
  /** inode number of its folder, by which the kernel knows it: another group may take its path */
  readonly id: bigint
}

/** CGROUP2_SUPER_MAGIC of linux/magic.h */
const CGROUP2 = 0x63677270

/** The control group of a folder. */
export function resolveCgroup(value: string): Cgroup {
  const path = checkString('cgroup', value)
  const stats = statOf(path)
  if (stats === undefined || !stats.isDirectory() || statfsSync(path).type !== CGROUP2) throw noCgroup(path)
  return { path, id: stats.ino }
}

/** @throws CgroupGoneError when it was removed, also when another one has its path by now */
export function checkExists({ path, id }: Cgroup): void {
  if (statOf(path)?.ino !== id) throw new CgroupGoneError({ cgroup: path })
}

/** Undefined: there is nothing at the path. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    const code = Math.abs((error as NodeJS.ErrnoException).errno ?? errno.EIO)
    if (code === errno.ENOENT || code === errno.ENOTDIR) return undefined
    throw explain({ operation: `look up the control group ${path}`, errno: code, needs: [['CAP_DAC_OVERRIDE']] })
  }
}

function noCgroup(path: string): ArgumentError {
  const mounts = cgroupMounts()
  const where = mounts.length === 0 ? 'which is not mounted here' : `which is mounted on ${mounts.join(' and ')}`
  return new ArgumentError({
    argument: 'cgroup',
    value: path,
    expected: `the folder of a control group of cgroup v2, ${where}`,
    suggestion: mounts.map((mount) => elsewhere(path, mount)).find((it) => it !== undefined),
  })
}

/** The same group below `mount`: people write the path that it has where cgroup v2 stands alone, or that of a v1 controller. */
function elsewhere(path: string, mount: string): string | undefined {
  const [, name] = /^\/sys\/fs\/cgroup\/(.+)$/.exec(path) ?? []
  const names = name === undefined ? [] : [name, name.slice(name.indexOf('/') + 1)]
  return names.map((it) => `${mount}/${it}`).find((it) => it !== path && statOf(it)?.isDirectory())
}

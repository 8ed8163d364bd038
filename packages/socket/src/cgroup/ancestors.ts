import { dirname } from 'node:path'
import { resolveCgroup } from './cgroup.js'
import type { Place } from './place.js'
import { cgroupMounts } from './root.js'

/** The same hook of the groups above, the nearest first. */
export function* ancestors({ cgroup, hook }: Place): Generator<Place> {
  const mounts = cgroupMounts()
  for (let { path } = cgroup; !mounts.includes(path) && path !== '/'; ) {
    path = dirname(path)
    yield { hook, cgroup: resolveCgroup(path) }
  }
}

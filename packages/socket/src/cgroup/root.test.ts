import { expect, it } from 'vitest'
import { cgroupMounts } from './root.js'

const line = (root: string, path: string, type: string, optional = '') =>
  `30 24 0:26 ${root} ${path} rw,nosuid shared:4 ${optional}- ${type} ${type} rw,nsdelegate`

it('finds cgroup v2 alone', () => {
  const mountinfo = [line('/', '/proc', 'proc'), line('/', '/sys/fs/cgroup', 'cgroup2')].join('\n')
  expect(cgroupMounts(mountinfo)).toEqual(['/sys/fs/cgroup'])
})

it('finds it beside v1', () => {
  const mountinfo = [
    line('/', '/sys/fs/cgroup/cpu', 'cgroup'),
    line('/', '/sys/fs/cgroup/unified', 'cgroup2', 'master:5 '),
    '',
  ].join('\n')
  expect(cgroupMounts(mountinfo)).toEqual(['/sys/fs/cgroup/unified'])
})

it('prefers the whole tree to a part, and reads escaped paths', () => {
  const mountinfo = [line('/web', '/mnt/a\\040b', 'cgroup2'), line('/', '/sys/fs/cgroup', 'cgroup2')].join('\n')
  expect(cgroupMounts(mountinfo)).toEqual(['/sys/fs/cgroup', '/mnt/a b'])
})

it('finds none', () => {
  expect(cgroupMounts(line('/', '/proc', 'proc'))).toEqual([])
})

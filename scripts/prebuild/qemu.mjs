import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from '../guest/cache.mjs'
import { userland } from '../guest/userland.mjs'
import { fetchFromDebian } from '../lib/debian-archive.mjs'
import { run } from '../lib/run.mjs'

/**
 * Runs JavaScript by Node 20 for arm64, whose instructions are emulated and whose system calls are this kernel's own: all of them but
 * bpf(2), which the emulator does not know. Returns what it printed.
 */
export async function runOnArm64(script, { env, note } = {}) {
  const root = await userland({ arch: 'arm64', major: 20, note })
  const emulator = await cached('qemu-user-static', async (files, work) => {
    const download = await fetchFromDebian(work, { suite: 'bookworm', packages: ['qemu-user-static/bookworm'], note })
    await run('dpkg-deb', ['-x', join(download, readdirSync(download)[0]), files])
  })
  const libraries = join(root, 'usr/lib/aarch64-linux-gnu')
  const loader = [join(root, 'usr/lib/ld-linux-aarch64.so.1'), '--library-path', libraries]
  const args = [...loader, join(root, 'usr/bin/node'), '--input-type=module', '--eval', script]
  return (await run(join(emulator, 'usr/bin/qemu-aarch64-static'), args, { env })).stdout
}

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A kernel and what it needs to find the host's files and to have veth pairs. */
export interface Kernel {
  readonly release: string
  /** path of the image */
  readonly image: string
  /** modules, in no order */
  readonly modules: readonly { readonly name: string; readonly bytes: Buffer }[]
}

/** A module that a kernel does not have is built in, or was not yet made. */
const modules = [
  'virtio',
  'virtio_ring',
  'virtio_pci',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  '9pnet',
  '9pnet_virtio',
  'fscache',
  'netfs',
  '9p',
  'overlay',
  'veth',
]

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace/guest')

/** Debian's kernel for the release that this machine runs: fetched once, and kept in a cache that all checkouts share. */
export function debianKernel(): Kernel {
  const name = kernelPackage()
  const folder = join(cache, name)
  if (!existsSync(folder)) fetch(name, folder)
  return readKernel(folder)
}

/** One that was unpacked before: a folder with `boot` and `lib/modules`. */
export function readKernel(folder: string): Kernel {
  const image = readdirSync(join(folder, 'boot')).find((name) => name.startsWith('vmlinuz-')) ?? ''
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return {
    release: image.replace('vmlinuz-', ''),
    image: join(folder, 'boot', image),
    modules: modules.flatMap((name) => {
      const file = files.find((it) => new RegExp(`/${name}\\.ko(\\.xz)?$`).test(it))
      if (file === undefined) return []
      const bytes = readFileSync(join(folder, file))
      return [
        {
          name,
          bytes: file.endsWith('.xz') ? execFileSync('xz', ['-dc'], { input: bytes, maxBuffer: 1 << 26 }) : bytes,
        },
      ]
    }),
  }
}

/** `linux-image-6.1.0-50-amd64`, which `linux-image-amd64` stands for. */
function kernelPackage(): string {
  const output = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' })
  const name = /Depends: (linux-image-\S+)/.exec(output)?.[1]
  if (name !== undefined) return name
  throw new Error('no Debian kernel for a guest: apt knows no package linux-image-amd64')
}

function fetch(name: string, folder: string): void {
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    execFileSync('apt-get', ['-q', 'download', name], { cwd: work, stdio: 'ignore' })
    const [archive = ''] = readdirSync(work)
    const tar = execFileSync('dpkg-deb', ['--fsys-tarfile', archive], { cwd: work, maxBuffer: 1 << 30 })
    const wanted = ['--wildcards', './boot/vmlinuz-*', ...modules.map((it) => `*/${it}.ko*`)]
    try {
      execFileSync('tar', ['-x', ...wanted], { cwd: work, input: tar, stdio: ['pipe', 'ignore', 'ignore'] })
    } catch {
      // It has unpacked all that is there, and fails for what is not.
    }
    rmSync(join(work, archive))
    renameSync(work, folder)
  } catch (error) {
    rmSync(work, { recursive: true, force: true })
    // Another test run was faster.
    if (!existsSync(folder)) throw error
  }
}

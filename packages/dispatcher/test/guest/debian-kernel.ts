import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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

/**
 * Debian's kernel: fetched once, and kept in a cache that all checkouts share.
 *
 * @param suite - of Debian, such as `trixie`; default: the release that this machine runs
 */
export function debianKernel(suite?: string): Kernel {
  const name = suite === undefined ? kernelPackage() : `${suite}-linux-image-amd64`
  const folder = join(cache, name)
  if (!existsSync(folder)) {
    unpack(folder, (work) => (suite === undefined ? download(name, work) : downloadFrom(suite, work)))
  }
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

/** Path of the package, with the machine's own apt. */
function download(name: string, work: string): string {
  execFileSync('apt-get', ['-q', 'download', name], { cwd: work, stdio: 'ignore' })
  const [archive = ''] = readdirSync(work)
  return join(work, archive)
}

/** The same of another suite, with a private one. */
function downloadFrom(suite: string, work: string): string {
  const script = fileURLToPath(new URL('./download-kernel.mjs', import.meta.url))
  return execFileSync(process.execPath, [script, suite, work], { encoding: 'utf8' }).trim()
}

/** Keeps what a guest needs of a package. */
function unpack(folder: string, download: (work: string) => string): void {
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    const tar = execFileSync('dpkg-deb', ['--fsys-tarfile', download(work)], { maxBuffer: 1 << 30 })
    const files = join(work, 'files')
    mkdirSync(files)
    const wanted = ['--wildcards', './boot/vmlinuz-*', ...modules.map((it) => `*/${it}.ko*`)]
    try {
      execFileSync('tar', ['-x', ...wanted], { cwd: files, input: tar, stdio: ['pipe', 'ignore', 'ignore'] })
    } catch {
      // It has unpacked all that is there, and fails for what is not.
    }
    renameSync(files, folder)
  } catch (error) {
    // Another test run was faster.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

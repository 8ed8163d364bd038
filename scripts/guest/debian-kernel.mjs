// Debian's kernels: fetched once, and kept.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchFromDebian } from '../lib/debian-archive.mjs'
import { cached } from './cache.mjs'
import { unpack } from './unpack.mjs'

/** A module that a kernel does not have is built in, or was not yet made. */
const modules = [
  // what a guest needs to see files of the host
  ...['virtio', 'virtio_ring', 'virtio_pci', 'virtio_pci_modern_dev', 'virtio_pci_legacy_dev'],
  ...['9pnet', '9pnet_virtio', 'fscache', 'netfs', '9p', 'overlay'],
  // what the tests need
  ...['veth', 'sch_ingress', 'cls_bpf', 'netkit'],
]

/** What is kept of packages is another thing when that list is. */
const kept = createHash('sha256').update(modules.join()).digest('hex').slice(0, 8)

const debianNames = { x64: 'amd64', arm64: 'arm64' }

/**
 * A kernel: `{ release, version, image, config, modules }`, paths but for the names of release (as `uname -r`) and version (of the
 * package).
 *
 * @param flavour `cloud-` for the small one, which has neither 9p nor overlay; `` for the one for everything
 */
export async function debianKernel({ suite, arch = 'x64', flavour = 'cloud-', note = () => {} }) {
  const architecture = debianNames[arch]
  const meta = `linux-image-${flavour}${architecture}`
  const folder = await cached(`${suite}-${meta}-${kept}`, async (files, work) => {
    const packages = async (depends) => {
      const image = (await depends(meta)).find((name) => /^linux-image-\d/.test(name))
      // Newer ones are in several packages, of which this one has no files.
      const parts = (await depends(image)).filter((name) => /^linux-(base|binary|modules)-\d/.test(name))
      return parts.length > 0 ? parts : [image]
    }
    const download = await fetchFromDebian(work, { suite, packages, architecture, note })
    await unpack(download, files, isWanted)
  })
  return readKernel(folder)
}

/** One that was unpacked before: a folder with `boot` and `lib/modules`. */
export function readKernel(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const find = (pattern) => {
    const found = files.find((it) => pattern.test(it))
    return found && join(folder, found)
  }
  // In newer packages it lies beside the modules.
  const image = find(/(^|\/)vmlinuz(-[^/]*)?$/)
  return {
    release: /vmlinuz-(.+)|([^/]+)\/vmlinuz$/.exec(image).slice(1).find(Boolean),
    image,
    config: find(/(^|\/)config(-[^/]*)?$/),
    modules: modules.flatMap((name) => {
      const path = find(new RegExp(`/${name}\\.ko(\\.xz|\\.zst)?$`))
      return path === undefined ? [] : [{ name, bytes: expanded(path) }]
    }),
  }
}

function expanded(path) {
  const bytes = readFileSync(path)
  if (path.endsWith('.ko')) return bytes
  return execFileSync(path.endsWith('.xz') ? 'xz' : 'zstd', ['-dc'], { input: bytes, maxBuffer: 1 << 26 })
}

const isWanted = (path) =>
  /(^|\/)(vmlinuz|config)(-[^/]*)?$/.test(path) ||
  modules.some((name) => new RegExp(`/${name}\\.ko(\\.xz|\\.zst)?$`).test(path))

// The peers in Go: the toolchain and cilium/ebpf come as Debian packages, unpacked beside the benchmarks.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchFromDebian } from '../../scripts/lib/debian-archive.mjs'
import { run } from '../../scripts/lib/run.mjs'

const build = fileURLToPath(new URL('../build', import.meta.url))
const sources = fileURLToPath(new URL('./go', import.meta.url))
const version = '1.26'
const packages = [
  `golang-${version}-go`,
  `golang-${version}-src`,
  'golang-github-cilium-ebpf-dev',
  'golang-golang-x-sys-dev',
]

/** Fetches and unpacks Go, once: returns the folder. */
async function toolchain() {
  const root = join(build, 'go')
  if (existsSync(root)) return root
  await mkdir(build, { recursive: true })
  const folder = await mkdtemp(join(build, 'go.'))
  try {
    const download = await fetchFromDebian(folder, {
      suite: 'sid',
      packages,
      note: (text) => process.stderr.write(`${text}\n`),
    })
    for (const name of await readdir(download)) await run('dpkg', ['-x', join(download, name), join(folder, 'root')])
    await rename(join(folder, 'root'), root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return root
}

/** Compiles `go/<name>`; returns the program's path, or undefined, having said why, where Go cannot be had. */
export async function buildGo(name) {
  try {
    const root = await toolchain()
    const output = join(build, `${name}-go`)
    const env = {
      GOROOT: join(root, `usr/lib/go-${version}`),
      GOPATH: join(root, 'usr/share/gocode'),
      GOCACHE: join(build, 'go-cache'),
      GO111MODULE: 'off',
      CGO_ENABLED: '0',
    }
    await run(join(env.GOROOT, 'bin/go'), ['build', '-o', output, `./${name}`], { cwd: sources, env })
    return output
  } catch (error) {
    process.stderr.write(`cilium/ebpf is left out: ${error.message}\n`)
    return undefined
  }
}

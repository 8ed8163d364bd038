import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Manifest {
  readonly name: string
  readonly version: string
}

/** A registry of npm's kind on this machine, with these tarballs and no others: nothing comes from elsewhere unnoticed. */
export async function serveRegistry(tarballs: readonly string[]) {
  const files = new Map(tarballs.map((file) => [basename(file), { file, manifest: manifestOf(file) }]))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1)
    const tarball = files.get(basename(path))
    if (path.startsWith('-/') && tarball) return void response.end(readFileSync(tarball.file))
    const versions = [...files.values()].filter(({ manifest }) => manifest.name === path)
    if (versions.length === 0) return void response.writeHead(404).end('{"error":"not found"}')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(packument(path, versions)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  function packument(name: string, found: readonly { file: string; manifest: Manifest }[]) {
    const rows = found.map(({ file, manifest }) => {
      const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
      const dist = { tarball: `${url}-/${basename(file)}`, integrity }
      return [manifest.version, { ...manifest, dist }] as const
    })
    return { name, 'dist-tags': { latest: rows[0]?.[0] }, versions: Object.fromEntries(rows) }
  }

  return {
    url,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function manifestOf(file: string): Manifest {
  return JSON.parse(execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' }))
}

/** A tarball of the one dependency that is not ours, as it is installed here. */
export function ipaddrTarball(folder: string): string {
  const installed = fileURLToPath(new URL('../../../packages/testing/node_modules/ipaddr.js', import.meta.url))
  const copy = join(mkdtempSync(join(folder, 'ipaddr-')), 'package')
  mkdirSync(copy)
  cpSync(installed, copy, { recursive: true, dereference: true })
  return tar(dirname(copy))
}

/** Packs the folder `package` below this one, as npm does; the tarball is beside it. */
export function tar(folder: string): string {
  const file = `${folder}.tgz`
  execFileSync('tar', ['-czf', file, '-C', folder, 'package'])
  return file
}

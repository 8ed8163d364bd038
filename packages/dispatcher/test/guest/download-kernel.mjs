// Downloads the kernel of a Debian suite into a folder, and prints the package's path: node download-kernel.mjs SUITE FOLDER
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fetchFromDebian } from '../../../../scripts/lib/debian-archive.mjs'
import { run } from '../../../../scripts/lib/run.mjs'

/** Has no files: it needs the package that has. */
const META = 'linux-image-amd64'

const [suite, folder] = process.argv.slice(2)
const download = await fetchFromDebian(folder, { suite, packages: [META] })
const { stdout } = await run('dpkg-deb', ['--field', packageIn(`${META}_`), 'Depends'])
const name = /linux-image-\S+/.exec(stdout)?.[0] ?? ''
await fetchFromDebian(folder, { suite, packages: [name] })
console.log(packageIn(`${name}_`))

function packageIn(start) {
  return join(download, readdirSync(download).find((file) => file.startsWith(start)) ?? '')
}

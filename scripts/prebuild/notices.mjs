import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/paths.mjs'
import { components } from './components.mjs'

export const noticesFile = 'packages/core/THIRD-PARTY-NOTICES.md'

const introduction = `# Third-party notices

The prebuilt addons of @millrace/core, \`prebuilds/*/millrace.node\`, have parts that are other people's, linked in statically. All
else in this package is Apache-2.0: see \`LICENSE\`.

<!-- Written by scripts/prebuild.mjs out of the sources that the addons are built from. -->
`

const relinking = ({ version, source }) => `
## libelf is yours to replace

The addons use libelf, which is covered by the GNU Lesser General Public License, version 3 or later; its text and that of the GNU
General Public License, which it builds on, are below. Nothing in the terms of this package keeps you from changing libelf in an
addon, from taking one apart to find faults in your change, or from using the result.

- The source of libelf, as it was built: elfutils ${version} of its authors without any change, in the file \`${source.archive}\` of
  Debian's source package \`elfutils\` (suite ${source.suite}), SHA-256 \`${source.sha256}\`.
- The source of all else in the addons, and everything that builds and links them, is in the repository of Millrace at the tag of
  this version: \`npm run prebuild\` fetches the sources and makes the addons, \`packages/core/native/deps\` says how libelf is
  built, and CONTRIBUTING.md how to have your own elfutils in it.
- \`MILLRACE_NATIVE_BINDING=/path/to/millrace.node\` puts your addon in the place of ours; so does overwriting the file.
`

/** Longer than any fence in a licence. */
const fenced = (text) => `~~~~text\n${text.replaceAll('\r', '').replace(/^\n+|\s+$/g, '')}\n~~~~`

/** The file as it should be. */
export async function notices(platform, note) {
  const parts = await components(platform, note)
  const rows = parts.map(({ title, version, licence, offered }) => {
    const choice = licence === offered ? licence : `${licence}, of those offered: ${offered}`
    return `| ${title} | ${version} | ${choice} |`
  })
  // LLVM's three parts share most of their words, but not all: each is given as it is.
  const texts = parts.map(
    ({ title, version, texts }) => `## ${title} ${version}\n\n${texts.map(fenced).join('\n\n')}\n`,
  )
  const table = ['| part | version | licence |', '|---|---|---|', ...rows].join('\n')
  const runtime = `
The start files of the GNU C library, and the few of its functions that are linked statically everywhere (\`atexit\`, \`stat\`), are
covered by the GNU Lesser General Public License with the exception that they may be linked into anything.
`
  const libelf = parts.find(({ name }) => name === 'elfutils')
  return `${introduction}\n${table}\n${runtime}${relinking(libelf)}\n${texts.join('\n')}`
}

export async function writeNotices(platform, note) {
  const path = join(root, noticesFile)
  const text = await notices(platform, note)
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
}

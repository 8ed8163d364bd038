import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../lib/paths.mjs'
import { Refusal, run } from '../lib/run.mjs'

const code = /\.(ts|mts|cts|mjs|js|c|h|cc)$/
const self = 'scripts/check/hygiene.mjs'

/** What must not be in a committed file: its name, where to look, what to find. */
const rules = [
  ['a registry or mirror by its host', /./, /https?:\/\/[a-z0-9.-]*(npm|debian|yarnpkg)[a-z0-9.-]*\.(org|com|net)/i],
  ['a path of one machine', /./, /(^|[\s'"`(=])\/(work|farm|home)\/\w/],
  ['a test that is left out or alone', /\.test(-d)?\.ts$/, /\b(describe|it|test)\.(skip|only|todo)\b/],
  ['a mark of unfinished work', code, /\b(TODO|FIXME|XXX)\b/],
  ['a silenced type error', code, /@ts-(ignore|nocheck)|\bas any\b(?! \w)/],
]

const licences = [
  [/\.bpf\.c$|^bpf\/include\/.*\.h$/, '// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause'],
  [/^packages\/core\/native\/.*\.(cc|h)$/, '// SPDX-License-Identifier: Apache-2.0'],
]

function* findings(file, text) {
  const lines = text.split('\n')
  for (const [what, where, pattern] of rules)
    if (where.test(file))
      for (const [index, line] of lines.entries())
        if (pattern.test(line)) yield `${file}:${index + 1}: ${what}: ${line.trim().slice(0, 100)}`
  for (const [where, licence] of licences)
    if (where.test(file) && lines[0] !== licence) yield `${file}:1: the first line should be ${licence}`
}

/** Pages that no index leads to. */
function strays(files) {
  const index = readFileSync(join(root, 'docs/decisions/README.md'), 'utf8')
  return files
    .filter((file) => /^docs\/decisions\/\d.*\.md$/.test(file) && !index.includes(`(${basename(file)})`))
    .map((file) => `${file}: not in docs/decisions/README.md`)
}

/** Looks through every file that git tracks or would. */
export async function hygiene() {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
  const files = stdout.split('\n').filter((file) => file && file !== self && file !== 'pnpm-lock.yaml')
  const found = strays(files)
  for (const file of files) {
    let content
    try {
      content = readFileSync(join(root, file))
    } catch {
      continue // deleted, and not committed yet
    }
    if (!content.includes(0)) found.push(...findings(file, content.toString('utf8')))
  }
  if (found.length > 0) throw new Refusal(found.join('\n'))
}

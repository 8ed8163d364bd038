import { execFileSync } from 'node:child_process'

const root = new URL('../../..', import.meta.url).pathname

/** Source as `biome check --write` leaves it: formatted, imports sorted. */
export function biomeFormat(source: string): string {
  const args = ['check', '--write', '--linter-enabled=false', '--stdin-file-path=module.ts']
  return execFileSync(`${root}/node_modules/.bin/biome`, args, {
    cwd: root,
    input: source,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
}

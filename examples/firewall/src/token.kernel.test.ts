import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { preflight } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { type Bundle, bundleForEverybody } from '../../../packages/core/test/capabilities/bundle-child.js'

const object = fileURLToPath(new URL('./generated/firewall.bpf.o', import.meta.url))
const helper = fileURLToPath(new URL('../../../packages/core/test/support/delegate.c', import.meta.url))
const [major = 0, minor = 0] = preflight().kernel.split('.').map(Number)

/** Tokens came with Linux 6.9. */
describe.runIf(major > 6 || (major === 6 && minor >= 9))('in a user namespace', () => {
  it('a bpf filesystem by which root delegates what it takes is enough to make maps, load, attach and pin', async () => {
    using bundle = await bundleForEverybody(new URL('../test/token.ts', import.meta.url), object)
    const { stdout } = await runInside(bundle, {})
    expect(JSON.parse(stdout)).toEqual({
      pinned: '2',
      blocked: 0,
      passed: 20,
      rule: 20,
      problems: [],
      mechanism: 'link',
    })
  })

  it('without one, the error says so', async () => {
    using bundle = await bundleForEverybody(new URL('../test/token.ts', import.meta.url), object)
    await expect(runInside(bundle, { LIBBPF_BPF_TOKEN_PATH: '/nowhere' })).rejects.toThrow(
      /to create the hash map flows needs CAP_BPF.* do not count for BPF, and none are delegated to this one/,
    )
  })
})

/** As root of a user namespace to which no more is delegated than it takes; see delegate.c. */
function runInside(bundle: Bundle, env: NodeJS.ProcessEnv) {
  const delegate = join(bundle.folder, 'delegate')
  execFileSync('clang-19', ['-O1', '-o', delegate, helper])
  const delegated = [
    'map_create:prog_load:btf_load',
    'hash:lpm_trie:percpu_array:ringbuf:array',
    'xdp:socket_filter',
    'any',
  ]
  const inside = ['sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, bundle.script]
  return promisify(execFile)(delegate, [...delegated, ...inside], {
    cwd: '/',
    env: { ...bundle.env, ...env },
    timeout: 20_000,
  })
}

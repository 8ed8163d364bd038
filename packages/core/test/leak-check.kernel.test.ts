import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startVitest } from 'vitest/node'

/** Runs one file of test/leaky in a vitest of its own, with the check as its only setup file. */
async function run(file: string) {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const vitest = await startVitest('test', [], {
    root: folder,
    config: false,
    watch: false,
    include: [`leaky/${file}`],
    setupFiles: ['./leak-check.ts'],
    pool: 'forks',
    reporters: [{}],
  })
  const [module] = vitest.state.getTestModules()
  const result = { ok: module?.ok(), errors: module?.errors().map(({ message }) => message) }
  await vitest.close()
  return result
}

describe('the check for leaked descriptors', () => {
  it('fails a test file that leaves one open, and names it', async () => {
    const { ok, errors } = await run('leaky.ts')
    expect(ok).toBe(false)
    expect(errors?.join('\n')).toMatch(/left BPF descriptors open:\n {2}anon_inode:bpf-map: .*max_entries 77/)
  })

  it('lets one pass that closes them', async () => {
    expect(await run('tidy.ts')).toEqual({ ok: true, errors: [] })
  })
})

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

const PREFIX = 'millrace-bpffs-'

/** A bpf filesystem on a folder of its own, unmounted with all its pins on dispose. */
export function mountBpffs(): { readonly path: string } & Disposable {
  unmountOrphans()
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  execFileSync('mount', ['-t', 'bpf', 'bpf', path])
  return { path, [Symbol.dispose]: () => unmount(path) }
}

/** One for a whole test file. */
export function useBpffs(): { readonly path: string } {
  const used = { path: '' }
  let mounted: ReturnType<typeof mountBpffs> | undefined
  beforeAll(() => {
    mounted = mountBpffs()
    used.path = mounted.path
  })
  afterAll(() => mounted?.[Symbol.dispose]())
  return used
}

/** What test runs left behind that were killed: a mount outlives its process. */
function unmountOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    try {
      unmount(join(tmpdir(), name))
    } catch {
      // Another test was quicker.
    }
  }
}

function unmount(path: string): void {
  execFileSync('umount', [path], { stdio: 'ignore' })
  rmdirSync(path)
}

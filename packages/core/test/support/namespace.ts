import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll } from 'vitest'

/** A network namespace with nothing but `lo`, which goes when its standard input is closed. */
export function useNamespace(): { readonly path: string } {
  const namespace = { path: '' }
  let holder: ChildProcessByStdio<Writable, Readable, null> | undefined
  beforeAll(async () => {
    holder = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo ready && cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    namespace.path = `/proc/${holder.pid}/ns/net`
  })
  afterAll(async () => {
    if (holder === undefined) return
    holder.stdin.end()
    await once(holder, 'exit')
  })
  return namespace
}

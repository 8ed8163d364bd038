import { errno, nativeBinding } from '@millrace/core/internal'

/** A holder needs milliseconds; one that needs longer was stopped, or is no friend. */
const PATIENCE_MS = 5000
const PAUSE_MS = 1

/** Of this thread, whichever process looks at it. */
const OWN_NETNS = '/proc/thread-self/ns/net'

/**
 * Runs `work` while no other process or thread that uses Millrace changes filters in this network namespace: netlink can only be
 * told what to do, not under which condition, so that looking and changing are two steps. The lock is on the namespace itself, and
 * the kernel gives it back when its holder dies.
 *
 * Everybody may take it, also who may change nothing. So after a while it goes without: then only rare races are not excluded,
 * as they are not with iproute2, which knows nothing of it.
 */
export function locked<T>(netns: string, work: () => T): T {
  const native = nativeBinding()
  const lock = acquire(netns === '' ? OWN_NETNS : netns)
  try {
    return work()
  } finally {
    if (lock !== undefined) native.close(lock)
  }
}

function acquire(path: string): number | undefined {
  const native = nativeBinding()
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    const lock = native.lock(path, false)
    if (typeof lock === 'number') return lock
    // A namespace that is gone: whoever needs it will say so.
    if (lock.errno !== errno.EAGAIN) return undefined
    Atomics.wait(pause, 0, 0, PAUSE_MS)
  }
  return undefined
}

import { setTimeout as sleep } from 'node:timers/promises'
import { errno, explain, type Handle, nativeBinding } from '@millrace/core/internal'
import { makeFolders, type Place, setsFolder } from './place.js'

/** Milliseconds to wait for others: a change takes some tens, so whoever needs longer than this is stopped. */
const patience = 10_000

/** Milliseconds between two attempts. */
const pause = 2

/**
 * Does something while nobody else changes a dispatcher: the lock is libxdp's own. What is done may not await: another change
 * of this process would wait for it, and this thread with it.
 */
export async function locked<T>(place: Place, signal: AbortSignal | undefined, work: () => T): Promise<T> {
  makeFolders(place)
  for (const end = Date.now() + patience; ; await sleep(pause, undefined, { signal })) {
    signal?.throwIfAborted()
    using lock = attempt(place, Date.now() > end)
    if (lock !== undefined) return work()
  }
}

/** The same without giving the event loop a turn. */
export function lockedNow<T>(place: Place, work: () => T): T {
  makeFolders(place)
  const still = new Int32Array(new SharedArrayBuffer(4))
  for (const end = Date.now() + patience; ; Atomics.wait(still, 0, 0, pause)) {
    using lock = attempt(place, Date.now() > end)
    if (lock !== undefined) return work()
  }
}

function attempt(place: Place, isLast: boolean): Disposable | undefined {
  const path = setsFolder(place)
  const handle = nativeBinding().lock(path, false)
  if (typeof handle === 'number') return held(handle)
  if (handle.errno === errno.EAGAIN && !isLast) return undefined
  const hint = `another process has held it for ${patience / 1000} s; /proc/locks says which`
  throw explain({
    operation: `lock ${path}`,
    errno: handle.errno,
    hint: handle.errno === errno.EAGAIN ? hint : undefined,
  })
}

function held(handle: Handle): Disposable {
  return { [Symbol.dispose]: () => void nativeBinding().close(handle) }
}

/**
 * Like `Promise.all`, but the first failure is told only when the rest has ended, too: what is cleaned up after it has nobody
 * at work in it any more.
 */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map((it) => {
    if (it.status === 'rejected') throw it.reason
    return it.value
  })
}

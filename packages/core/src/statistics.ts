import { nativeBinding } from './binding.js'
import { needsToInspect } from './capabilities.js'
import { explain } from './explain.js'
import { closedInTime, watchForLeak } from './leak-watch.js'

/** Statistics that are on as long as this is open. */
export interface Statistics extends Disposable {
  /** Whether `close()` was called. */
  readonly closed: boolean
  /** Turns them off, unless others want them on. A second call does nothing. */
  close(): void
}

/**
 * Has the kernel count runs and run time of all programs of the system ({@link ProgramInfo.runCount},
 * {@link ProgramInfo.runTimeNs}) until the handle is closed. It costs each run some 10 to 20 ns.
 *
 * @kernel 5.8
 * @throws MissingCapabilityError, UnsupportedKernelError
 *
 * @example
 * ```ts
 * import { enableStatistics, Program } from '@millrace/core'
 *
 * using program = Program.open('/sys/fs/bpf/firewall')
 * using statistics = enableStatistics()
 * await new Promise((resolve) => setTimeout(resolve, 1000))
 * const { runCount, runTimeNs } = program.info()
 * console.log(runCount, runCount === 0n ? 0n : runTimeNs / runCount)
 * ```
 */
export function enableStatistics(): Statistics {
  const native = nativeBinding()
  const handle = native.enableStats()
  if (typeof handle !== 'number') {
    const feature = { name: 'switching statistics on', since: '5.8' }
    throw explain({ operation: 'switch statistics on', errno: handle.errno, needs: needsToInspect, feature })
  }
  let closed = false
  const statistics: Statistics = {
    get closed() {
      return closed
    },
    close() {
      if (closed) return
      closed = true
      closedInTime(statistics)
      native.close(handle)
    },
    [Symbol.dispose]() {
      statistics.close()
    },
  }
  watchForLeak(statistics, 'handle for', 'statistics')
  return statistics
}

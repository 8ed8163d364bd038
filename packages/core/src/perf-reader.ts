import { nativeBinding } from './binding.js'
import { checkInteger, checkOptions } from './check.js'
import { errno } from './errno.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { checkMap, type RawMap } from './raw-map.js'
import { RecordReader, type RecordReaderParts } from './record-reader.js'

/** How to read a perf event array. */
export interface PerfReaderOptions {
  /** bytes of the ring of each CPU: a power of two, and a multiple of the page size; default 65536 */
  readonly bytesPerCpu?: number | undefined
}

/** Holds several of the longest records that there are. */
const BATCH_BYTES = 1 << 18

/**
 * Reads what programs send by `bpf_perf_event_output`, as bytes: a ring for each CPU that is online now, all of them read as
 * one. It is what `PerfEventArray` of `@millrace/maps` stands on. A CPU has one ring in a map: who opens a second reader takes
 * its events.
 *
 * Records of one batch are in the order of their time; one that another CPU was still writing may come in a later batch. A
 * record's length is rounded up by the kernel, to 4 above a multiple of 8.
 *
 * @kernel 4.9
 *
 * @example
 * ```ts
 * import { PerfReader, RawMap } from '@millrace/core'
 *
 * using map = RawMap.open('/sys/fs/bpf/samples')
 * using reader = PerfReader.of(map)
 * await reader.wait()
 * const batch = reader.take()
 * for (let i = 0; i < (batch?.records ?? 0); i++) console.log(batch?.record(i))
 * ```
 */
export class PerfReader extends RecordReader {
  private constructor(parts: RecordReaderParts) {
    super(parts)
  }

  /**
   * Opens the rings, and puts them into the map. They are taken out when the reader is closed.
   *
   * @throws KernelError, MissingCapabilityError, ArgumentError
   * @throws ClosedError
   */
  static of(map: RawMap, options: PerfReaderOptions = {}): PerfReader {
    checkMap('map', map)
    checkOptions('options', options, ['bytesPerCpu'])
    const bytes = checkInteger('options.bytesPerCpu', options.bytesPerCpu ?? 65536, 4096, 1 << 30)
    if (!Number.isInteger(Math.log2(bytes))) {
      const expected = 'a power of two, and a multiple of the page size'
      throw new ArgumentError({ argument: 'options.bytesPerCpu', value: bytes, expected })
    }
    const native = nativeBinding()
    const handle = native.perfOpen(map.handle, bytes)
    if (typeof handle === 'number') {
      const lost = native.perfLost(handle)
      const cpus = 'errno' in lost ? 0 : lost.length
      const what = 'perf event array'
      return new PerfReader({
        native,
        handle,
        what,
        name: map.name,
        capacity: cpus * bytes,
        batchSize: BATCH_BYTES,
        tellsOnce: true,
      })
    }
    if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
    throw explain({
      operation: `read the perf event array ${map.name}`,
      errno: handle.errno,
      needs: [['CAP_PERFMON', 'CAP_SYS_ADMIN']],
      hint:
        map.type === 'perf_event_array'
          ? 'is options.bytesPerCpu a multiple of the page size?'
          : `a ${map.type} map is no perf event array`,
      log: handle.log,
    })
  }

  /**
   * How many records found the ring of their CPU full, by CPU. The kernel tells of it with the next record of that CPU that has
   * room, so the last ones are not counted yet.
   *
   * @throws ClosedError
   */
  lost(): readonly bigint[] {
    const lost = this.native.perfLost(this.handle)
    if ('errno' in lost) this.check(-lost.errno)
    return lost as readonly bigint[]
  }
}

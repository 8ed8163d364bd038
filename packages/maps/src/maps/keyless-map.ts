import type { Codec, RawMap } from '@millrace/core'
import { reject } from '../codec/reject.js'
import { rejectArgument } from './arguments.js'
import { KernelMap } from './kernel-map.js'

/** Values in a map that has no keys, by way of one buffer. */
export abstract class KeylessMap<V> extends KernelMap {
  protected readonly valueCodec: Codec<V>
  /** what the kernel reads and writes */
  protected readonly buffer: Uint8Array
  private readonly view: DataView
  private isEncoding = false

  protected constructor(raw: RawMap, valueCodec: Codec<V>, bytes = raw.valueSize) {
    super(raw)
    this.valueCodec = valueCodec
    this.buffer = new Uint8Array(bytes)
    this.view = new DataView(this.buffer.buffer)
  }

  protected encode(value: V, argument = 'value'): void {
    // A getter that uses the map would leave another value in the buffer.
    if (this.isEncoding) reject(argument, value, 'fields that do not use this map while they are read')
    this.isEncoding = true
    try {
      this.valueCodec.encode(value, this.view, 0)
    } catch (error) {
      rejectArgument(error, argument, value)
    } finally {
      this.isEncoding = false
    }
  }

  protected decode(): V {
    return this.valueCodec.decode(this.view, 0)
  }
}

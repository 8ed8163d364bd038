import { inspect } from 'node:util'
import type { MapInfo, MapType, RawMap } from '@millrace/core'

/**
 * What all typed maps share, those without keys and values in the ordinary sense included: the kernel object beneath.
 */
export abstract class KernelMap implements Disposable {
  static {
    // `console.log` would print buffers and codecs. Not a member: its type is Node's.
    Object.defineProperty(KernelMap.prototype, inspect.custom, {
      value(this: KernelMap): string {
        return inspect(this.raw)
      },
    })
  }

  /** Bytes in, bytes out: for what the typed map does not offer. It is the same kernel map, and the same descriptor. */
  readonly raw: RawMap

  protected constructor(raw: RawMap) {
    this.raw = raw
  }

  /** Of the kernel, unique among maps. */
  get id(): number {
    return this.raw.id
  }

  get name(): string {
    return this.raw.name
  }

  /** As bpftool prints it: `hash`, `lpm_trie` ... */
  get type(): MapType {
    return this.raw.type
  }

  get maxEntries(): number {
    return this.raw.maxEntries
  }

  get closed(): boolean {
    return this.raw.closed
  }

  /** Where it was pinned last, or opened from; undefined: not known to be pinned. */
  get pinPath(): string | undefined {
    return this.raw.pinPath
  }

  /** What the kernel says of the map. */
  info(): MapInfo {
    return this.raw.info()
  }

  /**
   * Pins the map to a path on a bpf filesystem: it then outlives this process.
   *
   * @throws {@link PinError} when the path is taken, its folder is missing, or is on no bpf filesystem
   */
  pin(path: string): void {
    this.raw.pin(path)
  }

  /**
   * Removes a pin of this map, the last known one unless a path is given.
   *
   * @throws {@link PinError} when there is no pin, or it belongs to another object
   */
  unpin(path?: string): void {
    this.raw.unpin(path)
  }

  /**
   * From now on nobody writes to the map from user space; programs still may. There is no way back.
   *
   * @throws {@link MapOperationError} when the map is mapped writably into memory, or cannot be frozen
   *
   * @kernel 5.2
   */
  freeze(): void {
    this.raw.freeze()
  }

  /** Gives the descriptor back. A second call does nothing. A map that is pinned, or that programs use, lives on. */
  close(): void {
    this.raw.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

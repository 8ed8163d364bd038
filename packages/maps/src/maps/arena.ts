import {
  ArgumentError,
  type ArrayView,
  ClosedError,
  type Codec,
  type MappedMemory,
  type MapSpec,
  type MemoryArrayOptions,
  type RawMap,
  type ValueView,
} from '@millrace/core'
import { checkInteger, errno, mapMemory, mapOperationError, nativeBinding } from '@millrace/core/internal'
import { KernelMap } from './kernel-map.js'
import { mapFlags } from './map-flags.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('arena')

/** An arena has neither keys nor values. */
const nothing: Codec<undefined> = { size: 0, alignment: 1, layout: ['size 0'], encode() {}, decode: () => undefined }
const codecs = { key: null, value: nothing }

const MOST_BYTES = 2 ** 32
/** BPF_F_SEGV_ON_FAULT */
const segfaults = 1 << 17

/** What an {@link Arena} is made of; `maxEntries` is its size in pages, 4 GiB at most. */
export interface ArenaOptions extends Omit<CreateOptions, 'programAccess'> {
  /**
   * where it lies in every process that maps it: a multiple of the page size, such that it does not cross a multiple of 4 GiB. By
   * default one that is free in this process, and unlikely to be in use in another.
   */
  readonly address?: bigint | undefined
}

/**
 * Memory of pages that programs and this process share, in which programs keep structures of their own: lists, trees, graphs that are
 * linked by pointers. What to choose when a table of keys and values is the wrong shape, and only then: an arena has no lock, no
 * lookup, and nothing checks what programs write to it.
 *
 * Capacity: `maxEntries` pages of address space. A page takes memory once a program allocates it (`bpf_arena_alloc_pages`), or user space
 * first touches it, which `view` and `array` do for what they show. It is given back when a program frees it, or with the arena; to
 * touch it then allocates it anew, as zeroes.
 *
 * **An arena lies at one address in every process that maps it**, so that the pointers in it mean the same everywhere. It is chosen when the
 * arena is made or loaded. A process that has something else there cannot map it.
 *
 * Where no memory is left for a page that a view shows and a program has freed meanwhile, the kernel ends the process
 * (SIGSEGV): views of arenas whose programs free pages are for pages that these keep.
 *
 * @kernel 6.9, x86-64 and arm64
 *
 * @example
 * ```ts
 * import { Arena, struct, u64 } from '@millrace/maps'
 *
 * const Node = struct({ next: u64, value: u64 })
 * using arena = Arena.create({ name: 'nodes', maxEntries: 1024 })
 * const node = arena.view(Node, 64)
 * node.fields.value = 5n
 * arena.view(u64, 0).set(arena.pointer(64))                 // where a program looks for it
 * const { next } = node.fields
 * if (next !== 0n) console.log(arena.view(Node, arena.offset(next)).get())
 * ```
 */
export class Arena extends KernelMap {
  #memory: MappedMemory | undefined

  private constructor(raw: RawMap) {
    super(raw)
  }

  /**
   * Makes an arena without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link UnsupportedKernelError}, {@link KernelError}
   */
  static create(options: ArenaOptions): Arena {
    const address = addressOf(options)
    return new Arena(kind.create(codecs, options, () => mapFlags.memoryMapped, ['address'], address))
  }

  /**
   * Opens a pinned arena, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: Omit<OpenOptions, 'access'> = {}): Arena {
    return new Arena(kind.open(path, codecs, options, []))
  }

  /**
   * An arena over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): Arena {
    return new Arena(kind.check(raw, codecs))
  }

  /** Describes an arena of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec({ name, maxEntries }: SpecOptions): MapSpec<Arena> {
    return { name, type: 'arena', maxEntries, wrap: (raw) => new Arena(raw) }
  }

  /** Bytes: `maxEntries` pages. */
  get length(): number {
    return this.#mapped().length
  }

  /** Where it lies in memory, here and in every process. */
  get address(): bigint {
    return BigInt(nativeBinding().memoryAddress(this.#mapped().handle))
  }

  /**
   * What lies at `offset`, in place.
   *
   * @param offset - bytes from the start, a multiple of the codec's alignment
   * @throws {@link ArgumentError} for a place that is not inside of the arena, or not aligned
   * @throws {@link MapOperationError} ERR_MAP_MEMORY when the kernel has no memory for its pages, ERR_MAP_UNSUPPORTED for an arena
   * that ends whoever touches a page that no program has allocated (BPF_F_SEGV_ON_FAULT)
   * @throws {@link KernelError} when the arena cannot be mapped, {@link ClosedError}
   */
  view<T>(codec: Codec<T>, offset: number): ValueView<T> {
    const view = this.#mapped().view(codec, checkInteger('offset', offset, 0, this.length))
    this.#populate(offset, codec.size)
    return view
  }

  /** Values of one type, in place. Throws as `view` does. */
  array<T>(codec: Codec<T>, options: MemoryArrayOptions): ArrayView<T> {
    const view = this.#mapped().array(codec, options)
    const { offset = 0, length, stride = codec.size } = options
    if (length > 0) this.#populate(offset, (length - 1) * stride + codec.size)
    return view
  }

  /**
   * The offset that a pointer in the arena means.
   *
   * @throws {@link ArgumentError} for a pointer to elsewhere
   */
  offset(pointer: bigint): number {
    const { address, length } = this
    if (typeof pointer === 'bigint' && pointer >= address && pointer < address + BigInt(length)) {
      return Number(pointer - address)
    }
    const expected = `a pointer into the arena, from ${address}n to ${address + BigInt(length) - 1n}n`
    throw new ArgumentError({ argument: 'pointer', value: pointer, expected })
  }

  /**
   * The pointer to an offset, for structures that programs follow.
   *
   * @throws {@link ArgumentError} for an offset that is not inside of the arena
   */
  pointer(offset: number): bigint {
    return this.address + BigInt(checkInteger('offset', offset, 0, this.length - 1))
  }

  /** Gives the descriptor back. A second call does nothing. Views stay valid. */
  override close(): void {
    super.close()
    this.#memory?.close()
  }

  #mapped(): MappedMemory {
    if (this.closed) throw new ClosedError({ what: 'map', name: this.name })
    // Nothing could keep the process from touching a page that a program has just freed.
    if ((this.raw.flags & segfaults) !== 0) throw mapOperationError(this.raw, 'view', errno.EOPNOTSUPP)
    this.#memory ??= mapMemory(this.raw, true)
    return this.#memory
  }

  #populate(offset: number, length: number): void {
    const result = nativeBinding().memoryPopulate(this.#mapped().handle, offset, length)
    if (result < 0) throw mapOperationError(this.raw, 'view', result === -errno.EFAULT ? errno.ENOMEM : result)
  }
}

/** For what cannot be made the address does not matter: the kernel says why. */
function addressOf(options: ArenaOptions | undefined): number {
  const { address, maxEntries } = options ?? {}
  if (address !== undefined) {
    if (typeof address === 'bigint' && address >= 0n && address <= BigInt(Number.MAX_SAFE_INTEGER))
      return Number(address)
    const expected = 'a bigint that is an address, a multiple of the page size'
    throw new ArgumentError({ argument: 'options.address', value: address, expected })
  }
  // Pages may be larger than this; an arena that is then too large is refused by the kernel.
  const bytes = Number.isInteger(maxEntries) ? Number(maxEntries) * 4096 : 0
  if (bytes <= 0 || bytes > MOST_BYTES) return 0
  return Math.max(nativeBinding().arenaAddress(bytes), 0)
}

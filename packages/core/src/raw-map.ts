import { type Handle, nativeBinding } from './binding.js'
import { checkInteger, checkOneOf, checkOptions } from './check.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { KernelObject, type KernelObjectFields, openById, orClose } from './kernel-object.js'
import { roundedEntries } from './load/map-difference.js'
import { mapCreateError, mapOperationError } from './map-errors.js'
import { type MapInfo, readMapInfo } from './map-info.js'
import { type MapType, mapTypes } from './map-type.js'
import { openPin, type PinAccess } from './pin.js'

/** What a map is made of; sizes in bytes. */
export interface RawMapOptions {
  readonly type: MapType
  /** letters, digits, `_` and `.`, of which 15 reach the kernel */
  readonly name: string
  /** 0 for maps without keys */
  readonly keySize: number
  /** of one CPU's value in per-CPU maps */
  readonly valueSize: number
  /** in ring buffers: bytes, a power of two and a multiple of the page size */
  readonly maxEntries: number
  /** BPF_F_... of linux/bpf.h; default 0 */
  readonly flags?: number | undefined
  /** map_extra of linux/bpf.h, which means something to few types: a bloom filter's number of hash functions, an arena's address; default 0 */
  readonly mapExtra?: number | undefined
  /** of a map of maps: a map like those that it will hold. Only its properties are taken, so it may be closed afterwards. */
  readonly innerMap?: RawMap | undefined
}

/** How to open a pinned map. */
export interface OpenMapOptions {
  /** default `read-write` */
  readonly access?: PinAccess | undefined
}

/** The layouts of a map's key and value in the notation of {@link Codec.layout}. */
export interface MapLayout {
  readonly key: readonly string[] | null
  readonly value: readonly string[] | null
}

/** @internal */
export interface RawMapFields extends KernelObjectFields {
  readonly type: MapType
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
}

const mapsOfMaps: ReadonlySet<MapType> = new Set(['array_of_maps', 'hash_of_maps'])

const optionNames = [
  'type',
  'name',
  'keySize',
  'valueSize',
  'maxEntries',
  'flags',
  'mapExtra',
  'innerMap',
] as const satisfies readonly (keyof RawMapOptions)[]

const perCpu: ReadonlySet<MapType> = new Set([
  'percpu_hash',
  'percpu_array',
  'lru_percpu_hash',
  'percpu_cgroup_storage',
])

/**
 * A map whose keys and values are bytes: what the typed maps of `@millrace/maps` stand on, and a way to any kind of map that
 * has no typed class.
 *
 * The operations return 0 (or, where said, a count) or a negative errno, and do not throw: a missing key is no
 * exception on a path that runs a million times a second. Buffers that are too short are refused with -EINVAL, a closed map
 * with -EBADF.
 *
 * @example
 * ```ts
 * import { RawMap } from '@millrace/core'
 *
 * using map = RawMap.create({ type: 'hash', name: 'flows', keySize: 4, valueSize: 8, maxEntries: 1024 })
 * map.update(new Uint8Array([1, 0, 0, 0]), new Uint8Array(8))
 * const value = new Uint8Array(map.valueBufferSize)
 * if (map.lookup(new Uint8Array([1, 0, 0, 0]), value) === 0) console.log(value)
 * ```
 */
export class RawMap extends KernelObject {
  readonly type: MapType
  /** bytes */
  readonly keySize: number
  /** bytes of one CPU's value in per-CPU maps */
  readonly valueSize: number
  readonly maxEntries: number
  /** BPF_F_... of linux/bpf.h */
  readonly flags: number
  /** bytes of the buffer for one value: in per-CPU maps each CPU's value, rounded up to 8, for all possible CPUs */
  readonly valueBufferSize: number

  /** @internal */
  constructor(fields: RawMapFields) {
    super('map', fields)
    this.type = fields.type
    this.keySize = fields.keySize
    this.valueSize = fields.valueSize
    this.maxEntries = fields.maxEntries
    this.flags = fields.flags
    this.valueBufferSize = perCpu.has(fields.type)
      ? Math.ceil(fields.valueSize / 8) * 8 * this.native.possibleCpus()
      : fields.valueSize
  }

  /**
   * Makes a map.
   *
   * @throws ArgumentError, MissingCapabilityError, UnsupportedKernelError, KernelError
   */
  static create(options: RawMapOptions): RawMap {
    checkOptions('options', options, optionNames)
    const type = mapTypes.check('options.type', options.type)
    const name = checkName(options.name)
    const keySize = checkInteger('options.keySize', options.keySize, 0, 0xffff_ffff)
    const valueSize = checkInteger('options.valueSize', options.valueSize, 0, 0xffff_ffff)
    const wantedEntries = checkInteger('options.maxEntries', options.maxEntries, 0, 0xffff_ffff)
    const flags = checkInteger('options.flags', options.flags ?? 0, 0, 0xffff_ffff)
    const extra = checkInteger('options.mapExtra', options.mapExtra ?? 0, 0, Number.MAX_SAFE_INTEGER)
    const { innerMap } = options
    if (innerMap !== undefined || mapsOfMaps.has(options.type)) checkInner(options.type, innerMap)
    const native = nativeBinding()
    const handle = native.mapCreate(type, name, keySize, valueSize, wantedEntries, flags, extra, innerMap?.handle)
    if (typeof handle !== 'number') throw mapCreateError({ ...options, type }, handle.errno)
    const wanted = { type: options.type, keySize, valueSize, maxEntries: wantedEntries, flags }
    const maxEntries = roundedEntries(wanted, native.possibleCpus)
    return new RawMap({ ...wanted, handle, name, maxEntries })
  }

  /**
   * Opens a pinned map.
   *
   * @throws PinError, MissingCapabilityError, ArgumentError
   */
  static open(path: string, options: OpenMapOptions = {}): RawMap {
    checkOptions('options', options, ['access'])
    const { access = 'read-write' } = options
    checkOneOf('options.access', access, ['read-write', 'read-only', 'write-only'])
    return RawMap.fromHandle(openPin(nativeBinding(), 'map', path, access), { pinPath: path })
  }

  /**
   * Opens a map of the system by its id.
   *
   * @throws KernelError (ENOENT when there is none of this id), MissingCapabilityError
   */
  static openById(id: number): RawMap {
    return RawMap.fromHandle(openById('map', id))
  }

  /** @internal Takes over a handle. */
  static fromHandle(handle: Handle, fields: Partial<KernelObjectFields> = {}): RawMap {
    return new RawMap({ ...orClose(handle, readMapInfo), ...fields, handle })
  }

  /** What the kernel says of the map. */
  info(): MapInfo {
    this.checkOpen()
    return readMapInfo(this.handle)
  }

  /**
   * The layouts of key and value by the BTF that the map was made with; null for one that is not known: the map has no BTF, or this
   * process may not read it, which takes CAP_SYS_ADMIN.
   */
  layout(): MapLayout {
    this.checkOpen()
    const layout = this.native.mapLayout(this.handle)
    return 'errno' in layout ? { key: null, value: null } : layout
  }

  /**
   * A buffer of the map's own, the same at every call: a key, and from the next multiple of 8 on a value. The operations on
   * it (`lookupEntry` ...) are the fastest there are, for they pass nothing: the addon has sized the buffer by what the kernel
   * says of the map, and need not check.
   */
  entryBuffer(): ArrayBuffer {
    this.checkOpen()
    const buffer = this.native.entryBuffer(this.handle)
    if (buffer instanceof ArrayBuffer) return buffer
    return this.refuse({ operation: `make a buffer for map ${this.name}`, errno: buffer.errno })
  }

  /** Reads the value of the key in the entry buffer into it; -ENOENT when the key is not there. */
  lookupEntry(): number {
    return this.native.entryLookup(this.handle)
  }

  /** Writes what is in the entry buffer, whether the key is there or not. */
  updateEntry(): number {
    return this.native.entryUpdate(this.handle)
  }

  /** As {@link RawMap.updateEntry}, but -EEXIST when the key is there. */
  createEntry(): number {
    return this.native.entryCreate(this.handle)
  }

  /** As {@link RawMap.updateEntry}, but -ENOENT when the key is not there. */
  replaceEntry(): number {
    return this.native.entryReplace(this.handle)
  }

  /** Deletes the key that is in the entry buffer; -ENOENT when it is not there. */
  deleteEntry(): number {
    return this.native.entryDelete(this.handle)
  }

  /** As {@link RawMap.lookupEntry}, and takes the entry out. */
  lookupAndDeleteEntry(): number {
    return this.native.entryLookupAndDelete(this.handle)
  }

  /** Fills `value`; -ENOENT when the key is not there. `key` is null for maps without keys. */
  lookup(key: Uint8Array | null, value: Uint8Array, flags = 0): number {
    return this.native.mapLookup(this.handle, key, value, flags)
  }

  /** `flags`: 0 any, 1 (BPF_NOEXIST) only a new key, 2 (BPF_EXIST) only a key that is there. */
  update(key: Uint8Array | null, value: Uint8Array, flags = 0): number {
    return this.native.mapUpdate(this.handle, key, value, flags)
  }

  /** -ENOENT when the key is not there. */
  delete(key: Uint8Array): number {
    return this.native.mapDelete(this.handle, key)
  }

  /**
   * As {@link RawMap.lookup}, and takes the entry out, in one step.
   *
   * @kernel 4.20 for queues and stacks, 5.14 for hash tables
   */
  lookupAndDelete(key: Uint8Array | null, value: Uint8Array, flags = 0): number {
    return this.native.mapLookupAndDelete(this.handle, key, value, flags)
  }

  /** Fills `next` with the key after `key`, the first after null; -ENOENT after the last. */
  nextKey(key: Uint8Array | null, next: Uint8Array): number {
    return this.native.mapNextKey(this.handle, key, next)
  }

  /**
   * Reads one batch. `token`, at least max(keySize, 4) bytes, says where to go on and is read unless `first`. `count[0]` is
   * the capacity on entry and the number of entries on return, also with -ENOENT, which marks the last batch.
   *
   * @kernel 5.6
   */
  lookupBatch(
    first: boolean,
    token: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: Uint32Array,
    flags = 0,
  ): number {
    return this.native.mapLookupBatch(this.handle, first, token, keys, values, count, flags)
  }

  /**
   * As {@link RawMap.lookupBatch}, and takes the entries out.
   *
   * @kernel 5.6
   */
  lookupAndDeleteBatch(
    first: boolean,
    token: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: Uint32Array,
    flags = 0,
  ): number {
    return this.native.mapLookupAndDeleteBatch(this.handle, first, token, keys, values, count, flags)
  }

  /**
   * `count[0]`: how many to write on entry, how many were written on return.
   *
   * @kernel 5.6
   */
  updateBatch(keys: Uint8Array, values: Uint8Array, count: Uint32Array, flags = 0): number {
    return this.native.mapUpdateBatch(this.handle, keys, values, count, flags)
  }

  /**
   * `count[0]`: how many to delete on entry, how many were deleted on return.
   *
   * @kernel 5.6
   */
  deleteBatch(keys: Uint8Array, count: Uint32Array, flags = 0): number {
    return this.native.mapDeleteBatch(this.handle, keys, count, flags)
  }

  /**
   * From now on nobody writes to the map from user space; programs still may. There is no way back.
   *
   * @kernel 5.2
   * @throws MapOperationError when the map is mapped writably into memory, or cannot be frozen
   */
  freeze(): void {
    this.checkOpen()
    const result = this.native.mapFreeze(this.handle)
    if (result < 0) throw mapOperationError(this, 'freeze', result)
  }
}

/** The kernel would take whatever descriptor 0 is for an example, and elsewhere says EINVAL. */
function checkInner(type: MapType, map: RawMap | undefined): void {
  checkMap('options.innerMap', map)
  if (!mapsOfMaps.has(type)) {
    throw new ArgumentError({ argument: 'options.innerMap', value: map, expected: `none: a ${type} map holds no maps` })
  }
  if (map?.closed) throw new ClosedError({ what: 'map', name: map.name })
}

/** The kernel takes no other names, and calls that EINVAL. */
function checkName(name: unknown): string {
  if (typeof name === 'string' && /^[\w.]+$/.test(name)) return name
  throw new ArgumentError({ argument: 'options.name', value: name, expected: 'letters, digits, _ and .' })
}

/** @internal The compiler has checked it, for those who use it. */
export function checkMap(argument: string, map: unknown): void {
  if (!(map instanceof RawMap)) throw new ArgumentError({ argument, value: map, expected: 'a RawMap' })
}

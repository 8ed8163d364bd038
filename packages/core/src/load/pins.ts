import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Binding, Handle, NativeMapLayout } from '../binding.js'
import { MapIncompatibleError, PinError } from '../errors/index.js'
import { readMapInfo } from '../map-info.js'
import { isOnBpffs, notOnBpffs, openPin, pin } from '../pin.js'
import { mapDifferences, mapLayoutDifferences, type WantedMap } from './map-difference.js'

/**
 * The pins of one load, all its attempts: what is there already is used, what is not is made once the kernel has taken the
 * object, and taken away again if the load comes to nothing after all. Not by libbpf, which uses a pin that another load has made meanwhile
 * without a word: nobody would know then whose it is to take away.
 */
export class Pins {
  readonly #native: Binding
  /** paths by C name */
  readonly #wanted = new Map<string, string>()
  readonly #made: string[] = []
  readonly #folders: string[] = []

  constructor(native: Binding) {
    this.#native = native
  }

  /**
   * The map pinned at `path`, to be used and closed by the caller; undefined when there is none.
   *
   * @throws PinError, MapIncompatibleError
   */
  find(path: string, wanted: WantedMap, layout: NativeMapLayout): Handle | undefined {
    if (!existsSync(path)) return undefined
    const handle = openPin(this.#native, 'map', path)
    try {
      checkCompatible(this.#native, handle, wanted, layout, path)
    } catch (error) {
      this.#native.close(handle)
      throw error
    }
    return handle
  }

  /**
   * Remembers a pin that is to be made.
   *
   * @param map - C name
   * @throws PinError when the path is taken, or not on a bpf filesystem
   */
  want(map: string, path: string): void {
    if (existsSync(path) || [...this.#wanted.values()].includes(path)) {
      throw new PinError({ path, reason: 'another map is pinned there' })
    }
    checkFilesystem(dirname(path))
    this.#wanted.set(map, path)
  }

  /**
   * Makes the pins that are wanted. False when somebody else has made one of them meanwhile.
   *
   * @param maps - by C name
   * @throws PinError
   */
  make(maps: Readonly<Record<string, Handle>>): boolean {
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    for (const [map, path] of wanted) {
      const handle = maps[map]
      if (handle === undefined) continue
      this.#makeFolder(dirname(path))
      try {
        pin(this.#native, 'map', handle, path)
      } catch (error) {
        if (existsSync(path)) return false
        throw error
      }
      this.#made.push(path)
    }
    return true
  }

  undo(): void {
    for (const path of this.#made) rmSync(path, { force: true })
    for (const folder of this.#folders.reverse()) {
      try {
        rmdirSync(folder)
      } catch {
        // Somebody else has put something there meanwhile, or it went with its file system.
      }
    }
  }

  #makeFolder(folder: string): void {
    const { missing } = ancestry(folder)
    try {
      mkdirSync(folder, { recursive: true })
    } catch (error) {
      const dot = missing.some((it) => basename(it).includes('.'))
      const reason = dot ? 'a bpf filesystem takes no name with a dot' : (error as Error).message
      throw new PinError({ path: folder, reason: `the folder cannot be made: ${reason}` })
    }
    this.#folders.push(...missing.reverse())
  }
}

function checkFilesystem(folder: string): void {
  const { existing } = ancestry(folder)
  if (!isOnBpffs(existing)) throw notOnBpffs(folder, existing)
}

/** The folders above and with `folder` that do not exist, innermost first, and the first that does. */
function ancestry(folder: string): { missing: string[]; existing: string } {
  const missing: string[] = []
  let existing = folder
  for (; !existsSync(existing) && dirname(existing) !== existing; existing = dirname(existing)) missing.push(existing)
  return { missing, existing }
}

/** @throws MapIncompatibleError with every difference; `path` is '' for a map that was handed over */
export function checkCompatible(
  native: Binding,
  existing: Handle,
  wanted: WantedMap,
  layout: NativeMapLayout,
  path: string,
): void {
  const known = native.mapLayout(existing)
  const differences = mapDifferences(readMapInfo(existing), wanted)
  // Reading the BTF takes CAP_SYS_ADMIN; a process without it goes by the sizes.
  if (!('errno' in known)) differences.push(...mapLayoutDifferences(known, layout))
  if (differences.length > 0) throw new MapIncompatibleError({ path, differences })
}

import type { RawMap } from '@millrace/core'
import { checkOneOf } from '@millrace/core/internal'

/**
 * What `set` does about a key that is there, or is not:
 *
 * - `any`: makes or replaces the entry
 * - `create`: makes it; ERR_KEY_EXISTS when there is one
 * - `replace`: replaces it; ERR_KEY_MISSING when there is none
 *
 * The kernel decides and acts in one: of two that create the same key, one gets the error.
 */
export type UpdateMode = 'any' | 'create' | 'replace'

const updateModes = ['any', 'create', 'replace'] as const

/** BPF_ANY, BPF_NOEXIST and BPF_EXIST of linux/bpf.h. */
export function updateFlags(mode: UpdateMode): number {
  switch (mode) {
    case 'any':
      return 0
    case 'create':
      return 1
    case 'replace':
      return 2
    default:
      checkOneOf('mode', mode, updateModes)
      return 0
  }
}

/** Writes what is in the map's entry buffer. */
export function writeEntry(raw: RawMap, mode: UpdateMode): number {
  switch (mode) {
    case 'create':
      return raw.createEntry()
    case 'replace':
      return raw.replaceEntry()
    case 'any':
      return raw.updateEntry()
    default:
      checkOneOf('mode', mode, updateModes)
      return 0
  }
}

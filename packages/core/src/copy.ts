import { dirname } from 'node:path'
import { ownFolder } from './own-folder.js'

/** Under which any copy of this package finds out about what another has made. */
const symbol = Symbol.for('@millrace/core/copy')

/** Stands for this copy: a tree can have two versions of the package, each with an addon and handles of its own. */
const thisCopy = { folder: dirname(ownFolder()) }

/** What is made with this prototype belongs to this copy. */
export function markCopy(prototype: object): void {
  Object.defineProperty(prototype, symbol, { value: thisCopy })
}

/** Why a map, a program or a link is refused that is one to the eye; '' for whatever else. */
export function foreignCopy(value: unknown): string {
  const made = copyOf(value) ?? copyOf((value as { raw?: unknown } | null | undefined)?.raw)
  if (made === undefined || made === thisCopy) return ''
  return (
    `. It was made by another copy of @millrace/core, in ${made.folder}; this one is in ${thisCopy.folder}, and its handles are ` +
    'others. See `npm ls @millrace/core`, and install one version; or open it here by its id'
  )
}

function copyOf(value: unknown): typeof thisCopy | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as { readonly [symbol]?: typeof thisCopy })[symbol]
}

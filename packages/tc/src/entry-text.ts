import type { Entry } from './mechanism.js'

/** How errors name one that stands on a hook. */
export function entryText({ filter, linkId, programId }: Entry): string {
  if (filter !== undefined) {
    const place = `priority ${filter.priority}, handle ${filter.handle}`
    return `filter ${filter.name === '' ? filter.kind : filter.name} (${place})`
  }
  return linkId === 0 ? `program ${programId}` : `link ${linkId}`
}

import { type LinkInfo, listLinks, MissingCapabilityError } from '@millrace/core'

/**
 * The links at a hook by the program that they hold: 0 for a program that none holds, undefined for what cannot be told. The kernel
 * tells of a link where it is attached, but not where in the list: of a program that stands there more than once, which is held
 * by which link is not told.
 */
export function linksByProgram(
  isThere: (link: LinkInfo) => boolean,
  programs: readonly { readonly programId: number }[],
): (programId: number) => number | undefined {
  const links = programs.length === 0 ? [] : linksWhere(isThere)
  return (id) => {
    const held = links?.filter(({ programId }) => programId === id)
    const times = programs.filter(({ programId }) => programId === id).length
    if (held === undefined || times > 1) return undefined
    return held[0]?.id ?? 0
  }
}

/** Undefined: this process may not look at links of others. */
function linksWhere(isThere: (link: LinkInfo) => boolean): LinkInfo[] | undefined {
  try {
    return listLinks().filter(isThere)
  } catch (error) {
    if (error instanceof MissingCapabilityError) return undefined
    throw error
  }
}

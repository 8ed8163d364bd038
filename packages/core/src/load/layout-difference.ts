import type { ModuleDifference } from '../errors/index.js'

/** The lines in which two layouts differ, field by field; see codec.ts for the notation. */
export function layoutDifferences(
  what: string,
  object: readonly string[] | null | undefined,
  module: readonly string[] | undefined,
): ModuleDifference[] {
  const ofObject = fields(object ?? [])
  const ofModule = fields(module ?? [])
  const paths = new Set([...ofObject.keys(), ...ofModule.keys()])
  const differences: ModuleDifference[] = []
  for (const path of paths) {
    if (ofObject.get(path) === ofModule.get(path)) continue
    differences.push({ what: `${what}, ${label(path)}`, object: ofObject.get(path), module: ofModule.get(path) })
  }
  return differences
}

/** `packets u64 @0` as `packets` -> `u64 @0`. Members of anonymous unions may share a path: the second gets a mark. */
function fields(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of lines) {
    const space = line.indexOf(' ')
    let path = line.slice(0, space)
    while (found.has(path)) path += "'"
    found.set(path, line.slice(space + 1))
  }
  return found
}

function label(path: string): string {
  if (path === 'size') return 'size'
  return path === '*' ? 'type' : `field ${path}`
}

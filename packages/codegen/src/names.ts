import { NameError } from './errors.js'

/** `source_port` -> `sourcePort`; a name that is capitals only, such as MAX_FLOWS, counts as words too. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name)
  return pascal.charAt(0).toLowerCase() + pascal.slice(1)
}

/** `drop_event` -> `DropEvent`; capitals inside of a word stay: `srcIP` -> `SrcIP`. */
export function pascalCase(name: string): string {
  const words = name.split('_').filter((word) => word !== '')
  const isCapitals = name === name.toUpperCase()
  const joined = words.map((word) => capitalize(isCapitals ? word.toLowerCase() : word)).join('')
  return identifier(/^\d|^$/.test(joined) ? `_${joined}` : joined)
}

/**
 * Lets through what can stand in a module as a name.
 *
 * @throws NameError for a C name that cannot: other compilers than clang's write such ones, and so may whoever made the file.
 */
export function identifier(name: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return name
  throw new NameError(`${JSON.stringify(name)} cannot be a name in TypeScript. Use letters, digits and underscores.`, [
    name,
  ])
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/**
 * Checks C names that stand together, such as the members of a struct.
 *
 * @throws NameError when two become the same in TypeScript; `where` says of what they are.
 */
export function refuseCollisions(names: readonly string[], where: string): void {
  const taken = new Map<string, string>()
  for (const name of names) {
    const camel = camelCase(name)
    const other = taken.get(camel)
    if (other !== undefined) {
      throw new NameError(
        `${other} and ${name} of ${where} are both ${camel} in TypeScript. Rename one of them in C.`,
        [other, name],
      )
    }
    taken.set(camel, name)
  }
}

/**
 * Names of an enum's values, without the words that all of them begin with: DROP_BLOCKED, DROP_MALFORMED -> Blocked,
 * Malformed. A prefix stays as far as a name would begin with a digit without it, and all stay as they are in C when two
 * would become the same.
 */
export function enumMemberNames(names: readonly string[], enumName: string): string[] {
  const split = names.map((name) => name.split('_').filter((word) => word !== ''))
  const first = names.length === 1 ? enumName.toUpperCase().split('_') : (split[0] ?? [])
  let prefix = 0
  while (
    prefix < first.length &&
    split.every((words) => words.length > prefix + 1 && words[prefix] === first[prefix])
  ) {
    prefix++
  }
  while (prefix > 0 && split.some((words) => /^\d/.test(words[prefix] ?? ''))) prefix--
  const short = split.map((words) => pascalCase(words.slice(prefix).join('_')))
  return new Set(short).size === names.length ? short : names.map(identifier)
}

/** Names that a module's own declarations may not take. */
export class NameTable {
  readonly #taken: Set<string>

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved)
  }

  /** The first that is free of `name`, `name` + `suffix`, `name` + `suffix` + 2 ... */
  claim(name: string, suffix: string): string {
    let free = name
    for (let count = 1; this.#taken.has(free); count++) free = name + suffix + (count === 1 ? '' : count)
    this.#taken.add(free)
    return free
  }
}

/** Words that cannot name a variable in a module (ECMA-262, 12.7.2), and names whose loss would surprise. */
export const reservedWords: readonly string[] = [
  ...['arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete'],
  ...['do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements'],
  ...['import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'public'],
  ...['return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'undefined', 'var', 'void'],
  ...['while', 'with', 'yield'],
  ...['Array', 'BigInt', 'Boolean', 'DataView', 'Date', 'Error', 'Function', 'Iterator', 'Map', 'Number', 'Object'],
  ...['Promise', 'Proxy', 'RegExp', 'Set', 'String', 'Symbol', 'Uint8Array', 'URL', 'WeakMap', 'WeakSet'],
]

/** A piece of TypeScript that knows how to break into lines as Biome (and Prettier) would. */
export type Code = string | Compound

interface Compound {
  readonly kind: 'call' | 'literal' | 'arrow'
  /** on one line; undefined when it has to take several */
  readonly flat: string | undefined
  /** on several lines, the first of them indented already; `after` is how much follows on the last line */
  broken(indent: number, after: number): string
}

const width = 120

/** `column` is the number of characters before the code on its first line, `after` that of those behind it on its last. */
export function print(code: Code, indent: number, column: number, after: number): string {
  if (typeof code === 'string') return code
  if (code.flat !== undefined && column + code.flat.length + after <= width) return code.flat
  return code.broken(indent, after)
}

/** A line of its own, or several: `prefix`, the code and `suffix`. */
export function line(indent: number, prefix: string, code: Code, suffix: string): string {
  const start = pad(indent) + prefix
  return `${start}${print(code, indent, start.length, suffix.length)}${suffix}\n`
}

/** A last argument that can break keeps the brackets of the call on its own lines. */
export function call(callee: string, ...args: readonly Code[]): Code {
  const plain = { kind: 'call', ...group(`${callee}(`, args, ')', '') } as const
  const last = args.at(-1)
  if (typeof last !== 'object' || last.kind === 'call') return plain
  const first = args.slice(0, -1).map((arg) => `${flatOf(arg)}, `)
  const head = `${callee}(${first.join('')}`
  if (last.kind === 'literal') return first.length > 0 ? plain : enclosed(head, last, ')')
  return { ...plain, broken: (indent) => `${head}${last.broken(indent, 1)},\n${pad(indent)})` }
}

export function array(items: readonly Code[]): Code {
  return { kind: 'literal', ...group('[', items, ']', '') }
}

export function object(entries: readonly Code[]): Code {
  return entries.length === 0 ? '{}' : { kind: 'literal', ...group('{', entries, '}', ' ') }
}

/** An object on several lines even where it would fit on one. */
export function expandedObject(entries: readonly Code[]): Code {
  const code = object(entries)
  return typeof code === 'string' ? code : { ...code, flat: undefined }
}

export function entry(key: string, value: Code): Code {
  return enclosed(`${key}: `, value, '')
}

export function arrow(parameters: string, body: Code): Code {
  const flat = flatOf(body)
  const head = `(${parameters}) =>`
  return {
    kind: 'arrow',
    flat: flat === undefined ? undefined : `${head} ${flat}`,
    broken: (indent, after) => `${head}\n${pad(indent + 2)}${print(body, indent + 2, indent + 2, after)}`,
  }
}

/** The code with text around it that stays on its first and last line. */
export function enclosed(prefix: string, code: Code, suffix: string): Code {
  if (typeof code === 'string') return prefix + code + suffix
  const { kind, flat } = code
  return {
    kind,
    flat: flat === undefined ? undefined : prefix + flat + suffix,
    broken: (indent, after) => prefix + code.broken(indent, after + suffix.length) + suffix,
  }
}

function group(open: string, items: readonly Code[], close: string, padding: string): Omit<Compound, 'kind'> {
  const flats = items.map(flatOf)
  return {
    flat: flats.includes(undefined) ? undefined : open + padding + flats.join(', ') + padding + close,
    broken(indent) {
      const lines = items.map((item) => line(indent + 2, '', item, ','))
      return `${open}\n${lines.join('')}${pad(indent)}${close}`
    },
  }
}

function flatOf(code: Code): string | undefined {
  return typeof code === 'string' ? code : code.flat
}

function pad(indent: number): string {
  return ' '.repeat(indent)
}

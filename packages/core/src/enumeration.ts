import { ArgumentError } from './errors/index.js'
import { suggest } from './suggest.js'

/** How a value is named that a newer kernel has and this package does not know. */
export type UnknownName = `type ${number}`

/** The names of an enumeration, those of values unknown to it included. */
export type NameOf<E> = E extends Enumeration<infer Name> ? Name | UnknownName : never

/** Names and values of a kernel enum, both ways; a value that is not known yet is named as bpftool does, `type 33`. */
export class Enumeration<Name extends string> {
  readonly #values: ReadonlyMap<string, number>
  readonly #names = new Map<number, Name>()

  constructor(values: Readonly<Record<Name, number>>) {
    this.#values = new Map(Object.entries<number>(values))
    for (const name of Object.keys(values) as Name[]) this.#names.set(values[name], name)
  }

  names(): Name[] {
    return [...this.#names.values()]
  }

  nameOf(value: number): Name | UnknownName {
    return this.#names.get(value) ?? `type ${value}`
  }

  /** The value of a name that came from a caller. */
  check(argument: string, name: unknown): number {
    const value = typeof name === 'string' ? (this.#values.get(name) ?? unknownValue(name)) : undefined
    if (value !== undefined) return value
    const suggestion = typeof name === 'string' ? suggest(name, this.#values.keys()) : undefined
    const expected = `one of ${[...this.#values.keys()].join(', ')}`
    throw new ArgumentError({ argument, value: name, expected, suggestion })
  }
}

function unknownValue(name: string): number | undefined {
  const digits = /^type (\d+)$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

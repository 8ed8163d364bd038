import type { Handle } from './handle.js'

/** Flattened layout of a C type, one line a field; see codec.ts for the notation. */
export type LayoutLines = readonly string[]

export interface NativeMapDescription {
  readonly name: string
  /** enum bpf_map_type */
  readonly type: number
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
  /** set by LIBBPF_PIN_BY_NAME (under the pin root) or null */
  readonly pinPath: string | null
  /** .rodata, .data, .bss and their kind */
  readonly isInternal: boolean
  /** a program array with programs in its C source, which loading puts there: into whichever map stands for it */
  readonly isFilled: boolean
  readonly key: LayoutLines | null
  readonly value: LayoutLines | null
  /** of a map of maps: what it holds */
  readonly inner?: NativeMapDescription | undefined
}

export interface NativeProgramDescription {
  readonly name: string
  /** ELF section, such as `xdp.frags` */
  readonly section: string
  /** enum bpf_prog_type */
  readonly type: number
  /** enum bpf_attach_type */
  readonly attachType: number
  readonly autoload: boolean
  readonly flags: number
}

export interface NativeVariableDescription {
  readonly name: string
  /** `.rodata`, `.data`, `.bss`, `.millrace` or a suffixed form such as `.rodata.config` */
  readonly section: string
  /** bytes from the start of the section */
  readonly offset: number
  readonly size: number
  /** for a pointer in section `.millrace`, of what it points to */
  readonly layout: LayoutLines
}

export interface NativeObject {
  readonly handle: Handle
  /** what was read, of a file that was given by its path */
  readonly image?: Uint8Array | undefined
  readonly maps: readonly NativeMapDescription[]
  readonly programs: readonly NativeProgramDescription[]
  readonly variables: readonly NativeVariableDescription[]
}

/** What the addon itself gives. */
export interface OpenedObject {
  readonly handle: Handle
  readonly image: Uint8Array | undefined
  /**
   * Words, each ended by a zero byte; in front of each member of a list there is a 1, behind the last a 0. One string is quicker to hand
   * over than what is in it.
   */
  readonly description: string
}

export function describeObject({ handle, image, description }: OpenedObject): NativeObject {
  const words = new Words(description)
  return {
    handle,
    image,
    maps: words.list(describeMap),
    programs: words.list(describeProgram),
    variables: words.list(describeVariable),
  }
}

/** Members in the order in which they are read: as the addon writes them. */
class Words {
  readonly #words: readonly string[]
  #next = 0

  constructor(description: string) {
    this.#words = description.split('\0')
  }

  text(): string {
    return this.#words[this.#next++] ?? ''
  }

  number(): number {
    return Number(this.text())
  }

  flag(): boolean {
    return this.text() === '1'
  }

  list<T>(read: (words: Words) => T): T[] {
    const members: T[] = []
    while (this.flag()) members.push(read(this))
    return members
  }

  lines(): LayoutLines | null {
    return this.flag() ? this.list(readText) : null
  }
}

const readText = (words: Words) => words.text()

function describeMap(words: Words): NativeMapDescription {
  return {
    name: words.text(),
    type: words.number(),
    keySize: words.number(),
    valueSize: words.number(),
    maxEntries: words.number(),
    flags: words.number(),
    pinPath: words.text() || null,
    isInternal: words.flag(),
    isFilled: words.flag(),
    key: words.lines(),
    value: words.lines(),
    inner: words.flag() ? describeMap(words) : undefined,
  }
}

function describeProgram(words: Words): NativeProgramDescription {
  return {
    name: words.text(),
    section: words.text(),
    type: words.number(),
    attachType: words.number(),
    autoload: words.flag(),
    flags: words.number(),
  }
}

function describeVariable(words: Words): NativeVariableDescription {
  return {
    name: words.text(),
    section: words.text(),
    offset: words.number(),
    size: words.number(),
    layout: words.lines() ?? [],
  }
}

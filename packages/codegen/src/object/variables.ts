import type { Btf } from '../btf/btf.js'
import type { BtfVariable, TypeId } from '../btf/types.js'
import type { Elf } from '../elf.js'
import { ObjectFormatError } from '../errors.js'

/** A global variable that the loader can reach. */
export interface VariableDeclaration {
  /** in C */
  readonly name: string
  readonly type: TypeId
  /** `.rodata`, `.data`, `.bss`, a suffixed form such as `.data.shared`, or `.addr_space.1` */
  readonly section: string
  /** bytes from the start of the section */
  readonly offset: number
}

/** The variables of a section, in the order of the BTF. */
export function variablesOf(btf: Btf, section: string): BtfVariable[] {
  return btf.types.flatMap((type) => {
    if (type.kind !== 'data_section' || type.name !== section) return []
    return type.variables.map((id) => {
      const variable = btf.type(id)
      if (variable.kind === 'variable') return variable
      throw new ObjectFormatError(`section .BTF is broken: type ${id} in the list of section ${section} is no variable`)
    })
  })
}

/**
 * Constants: global `const volatile` variables of `.rodata`. Without `volatile` the compiler has used the value already, so
 * that another one, set before loading, would have no effect.
 */
export function readConstants(btf: Btf, elf: Elf): VariableDeclaration[] {
  return readSections(btf, elf, ['.rodata']).filter(({ type }) => isVolatile(btf, type))
}

/** Global variables of `.data` and `.bss`, and those that lie in an arena. */
export function readVariables(btf: Btf, elf: Elf): VariableDeclaration[] {
  return readSections(btf, elf, ['.data', '.bss', '.addr_space.1'])
}

/** Static variables are the object's own business, those inside of functions (`main.count`) included. */
function readSections(btf: Btf, elf: Elf, kinds: readonly string[]): VariableDeclaration[] {
  const sections = elf.sections.filter(({ name }) => kinds.some((kind) => name === kind || name.startsWith(`${kind}.`)))
  return sections.flatMap((section) =>
    variablesOf(btf, section.name)
      .filter((variable) => variable.isGlobal)
      .map(({ name, type }) => {
        const symbol = elf.symbols.find((candidate) => candidate.section === section.index && candidate.name === name)
        if (symbol !== undefined) return { name, type, section: section.name, offset: symbol.value }
        throw new ObjectFormatError(
          `variable ${name} of section ${section.name} is not in the symbol table. Was it stripped?`,
        )
      })
      .sort((a, b) => a.offset - b.offset),
  )
}

/** `const volatile T x[4]` has its qualifiers on the elements. */
function isVolatile(btf: Btf, id: TypeId): boolean {
  return btf.resolve(id).isVolatile || btf.resolve(btf.flatten(id).element).isVolatile
}

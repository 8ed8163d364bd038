import type { Elf } from '../elf.js'
import { UnsupportedError } from '../errors.js'
import { programKindOf } from './program-sections.js'

/** A program of the object. */
export interface ProgramDeclaration {
  /** in C */
  readonly name: string
  /** as bpftool prints it */
  readonly kind: string
  /** ELF section, without the `?` that keeps libbpf from loading it by itself */
  readonly section: string
}

/** The programs, in order of declaration: each global function outside of `.text` is one. */
export function readPrograms(elf: Elf): ProgramDeclaration[] {
  const programs = elf.symbols.filter((symbol) => symbol.isFunction && symbol.isGlobal)
  return programs
    .sort((a, b) => a.section - b.section || a.value - b.value)
    .flatMap(({ name, section: index }) => {
      const elfSection = elf.sections[index]
      if (!elfSection?.isExecutable || elfSection.name === '.text') return []
      const section = elfSection.name.replace(/^\?/, '')
      const kind = programKindOf(section)
      if (kind !== undefined) return [{ name, kind, section }]
      throw new UnsupportedError({
        subject: `program ${name}`,
        problem: `is in section "${section}", which libbpf does not know`,
        instead: 'Say by the section what kind of program it is: SEC("xdp"), SEC("tc"), SEC("cgroup/connect4") ...',
      })
    })
}

import { printModule } from './emit/module.js'
import { moduleName } from './module-name.js'
import { identifier } from './names.js'
import { readObject } from './object/object.js'
import { readRoots } from './shape/roots.js'

/** What {@link bpf2ts} cannot read out of the object file. */
export interface Bpf2tsOptions {
  /** Name or path of the object file; the module and, without `name`, the object in it are named after it. */
  readonly file: string
  /** TypeScript name of the object. Default: that of the file, `my-firewall.bpf.o` being `myFirewall`. */
  readonly name?: string | undefined
  /** Where the object file lies, seen from the module. Default: beside it. */
  readonly url?: string | undefined
  /** C names of further structs, unions and enums to declare, which no map, variable or event is of. Default: none. */
  readonly types?: readonly string[] | undefined
}

/**
 * Writes the TypeScript module for an eBPF object file: codecs for its structs, typed maps, its programs with their kinds, its
 * constants and variables. The same bytes and options give the same text.
 *
 * @param object - an object file that `clang -target bpf -g` made
 * @returns TypeScript source, formatted
 * @throws {@link ObjectFormatError} for bytes that are no such file
 * @throws {@link UnsupportedError} for what has no TypeScript form, such as a pointer in a map's value
 * @throws {@link NameError} for names that cannot stand in one module
 *
 * @example
 * ```ts
 * import { readFileSync, writeFileSync } from 'node:fs'
 * import { bpf2ts } from '@millrace/codegen'
 *
 * writeFileSync('firewall.bpf.ts', bpf2ts(readFileSync('firewall.bpf.o'), { file: 'firewall.bpf.o' }))
 * ```
 */
export function bpf2ts(object: Uint8Array, options: Bpf2tsOptions): string {
  const file = options.file.replace(/^.*[/\\]/, '')
  const declarations = readObject(object)
  const { types = [] } = options
  return printModule(declarations, readRoots(declarations, types), {
    types,
    name: options.name === undefined ? moduleName(file) : identifier(options.name),
    file,
    url: options.url ?? `./${encodeURIComponent(file)}`,
  })
}

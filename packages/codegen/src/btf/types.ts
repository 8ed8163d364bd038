/** BTF, the type information that clang leaves in an object file (Documentation/bpf/btf.rst of the kernel). */
export type BtfType =
  | BtfVoid
  | BtfInt
  | BtfFloat
  | BtfReference
  | BtfArray
  | BtfRecord
  | BtfEnum
  | BtfForward
  | BtfFunctionPrototype
  | BtfVariable
  | BtfDataSection

/** Index of a type in its BTF; 0 is void. */
export type TypeId = number

export interface BtfVoid {
  readonly kind: 'void'
  readonly name: ''
}

export interface BtfInt {
  readonly kind: 'int'
  readonly name: string
  /** bytes of the storage unit */
  readonly size: number
  readonly isSigned: boolean
  readonly isBool: boolean
  /** where the value starts in the storage unit: not 0 only in old-style bit-fields */
  readonly bitOffset: number
  /** width; less than 8 * size only in old-style bit-fields */
  readonly bits: number
}

export interface BtfFloat {
  readonly kind: 'float'
  readonly name: string
  readonly size: number
}

/** What stands for another type: a qualifier, a name or a tag for it, or a pointer to it. */
export interface BtfReference {
  readonly kind: 'pointer' | 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag' | 'decl_tag' | 'function'
  readonly name: string
  readonly type: TypeId
}

export interface BtfArray {
  readonly kind: 'array'
  readonly name: ''
  readonly element: TypeId
  readonly length: number
}

export interface BtfMember {
  /** '' when anonymous */
  readonly name: string
  readonly type: TypeId
  /** bits from the start of the struct */
  readonly offset: number
  /** width of a bit-field, else 0; old-style bit-fields have it in their integer type */
  readonly bits: number
}

export interface BtfRecord {
  readonly kind: 'struct' | 'union'
  /** '' when anonymous */
  readonly name: string
  readonly size: number
  readonly members: readonly BtfMember[]
}

export interface BtfEnum {
  readonly kind: 'enum'
  /** '' when anonymous */
  readonly name: string
  readonly size: number
  readonly isSigned: boolean
  readonly values: readonly { readonly name: string; readonly value: bigint }[]
}

export interface BtfForward {
  readonly kind: 'forward'
  readonly name: string
}

export interface BtfFunctionPrototype {
  readonly kind: 'function_prototype'
  readonly name: ''
}

export interface BtfVariable {
  readonly kind: 'variable'
  readonly name: string
  readonly type: TypeId
  readonly isGlobal: boolean
}

export interface BtfDataSection {
  readonly kind: 'data_section'
  /** ELF section */
  readonly name: string
  /** ids of {@link BtfVariable}s; their offsets are 0 until a linker fills them in, so the symbol table has to be asked */
  readonly variables: readonly TypeId[]
}

import fc from 'fast-check'
import { bitFieldBases, type MemberModel, type RecordModel, scalarModels, type TypeModel } from './model.js'

/** Structs and unions within structs within a struct are as deep as these go. */
const maxDepth = 3

/** A random struct or union. Its names are unique within it and begin with `tag`. */
export function layout(tag: string): fc.Arbitrary<RecordModel> {
  return record(0).map((model) => ({ ...rename(model, new Names(tag)), tag }))
}

function record(depth: number): fc.Arbitrary<RecordModel> {
  return fc.record({
    keyword: fc.oneof(
      { weight: 3, arbitrary: fc.constant('struct' as const) },
      { weight: 1, arbitrary: fc.constant('union' as const) },
    ),
    tag: fc.constant(''),
    members: fc
      .tuple(field(depth), fc.array(member(depth), { maxLength: depth === 0 ? 9 : 4 }))
      .map(([first, rest]) => [first, ...rest]),
    attribute: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      { weight: 2, arbitrary: fc.constant('__attribute__((packed))') },
      { weight: 1, arbitrary: fc.constantFrom('__attribute__((aligned(32)))', '__attribute__((packed, aligned(4)))') },
    ),
  })
}

function member(depth: number): fc.Arbitrary<MemberModel> {
  const bits = fc.constantFrom(...bitFieldBases).chain((base) =>
    fc.integer({ min: 1, max: base.form === 'bool' ? 1 : base.size * 8 }).map((width): MemberModel => {
      return { kind: 'bits', name: '', base, width }
    }),
  )
  const padding = fc
    .integer({ min: 0, max: 32 })
    .map((width): MemberModel => ({ kind: 'padding', base: '__u32', width }))
  const choices = [
    { weight: 10, arbitrary: field(depth) },
    { weight: 5, arbitrary: bits },
    { weight: 1, arbitrary: padding },
  ]
  if (depth < maxDepth) {
    const anonymous = record(depth + 1).map((model): MemberModel => ({ kind: 'anonymous', record: model }))
    choices.push({ weight: 2, arbitrary: anonymous })
  }
  return fc.oneof(...choices)
}

function field(depth: number): fc.Arbitrary<MemberModel> {
  return fc.record({
    kind: fc.constant('field' as const),
    name: fc.constant(''),
    type: type(depth),
    attribute: fc.oneof(
      { weight: 12, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom('__attribute__((aligned(16)))', '__attribute__((packed))') },
    ),
  })
}

function type(depth: number): fc.Arbitrary<TypeModel> {
  const length = fc.integer({ min: 1, max: 5 })
  const scalar = fc.constantFrom(...scalarModels)
  const text = fc.record({
    kind: fc.constantFrom('string' as const, 'bytes' as const),
    length: fc.integer({ min: 1, max: 60 }),
  })
  const choices: { weight: number; arbitrary: fc.Arbitrary<TypeModel> }[] = [
    { weight: 12, arbitrary: scalar },
    { weight: 3, arbitrary: text },
    { weight: 3, arbitrary: enumeration },
  ]
  if (depth < maxDepth) {
    const element = type(depth + 1).filter(isElement)
    choices.push({ weight: 3, arbitrary: fc.record({ kind: fc.constant('array' as const), element, length }) })
    choices.push({
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('record' as const), record: record(depth + 1) }),
    })
  }
  return fc.oneof(...choices)
}

/** Arrays of `__u8` are bytes: they are made as such. */
function isElement(model: TypeModel): boolean {
  return model.kind !== 'scalar' || model.name !== '__u8'
}

const enumeration: fc.Arbitrary<TypeModel> = fc
  .record({
    range: fc.constantFrom(
      [0n, 100n],
      [-100n, 100n],
      [0n, 0xffff_ffffn],
      [-(2n ** 63n), 2n ** 63n - 1n],
      [0n, 2n ** 64n - 1n],
    ),
    isPacked: fc.boolean(),
  })
  .chain(({ range: [min, max], isPacked }) =>
    fc.record({
      kind: fc.constant('enum' as const),
      tag: fc.constant(''),
      values: fc.uniqueArray(fc.bigInt({ min: min ?? 0n, max: max ?? 0n }), { minLength: 1, maxLength: 5 }),
      isPacked: fc.constant(isPacked),
    }),
  )

/** Numbers the members and tags of one layout, in C style. */
class Names {
  readonly #tag: string
  #count = 0

  constructor(tag: string) {
    this.#tag = tag
  }

  field(): string {
    return `field_${this.#count++}`
  }

  tag(): string {
    return `${this.#tag}_part_${this.#count++}`
  }
}

function rename(model: RecordModel, names: Names): RecordModel {
  return { ...model, members: model.members.map((each) => renameMember(each, names)) }
}

function renameMember(model: MemberModel, names: Names): MemberModel {
  switch (model.kind) {
    case 'field':
      return { ...model, name: names.field(), type: renameType(model.type, names) }
    case 'bits':
      return { ...model, name: names.field() }
    case 'anonymous':
      return { ...model, record: rename(model.record, names) }
    default:
      return model
  }
}

function renameType(model: TypeModel, names: Names): TypeModel {
  if (model.kind === 'enum') return { ...model, tag: names.tag() }
  if (model.kind === 'array') return { ...model, element: renameType(model.element, names) }
  if (model.kind !== 'record') return model
  // Every other one keeps no name of its own, so that bpf2ts has to make one up.
  const tag = names.tag()
  return { ...model, record: { ...rename(model.record, names), tag: tag.length % 2 === 0 ? tag : '' } }
}

import { Converter, ReflectionKind } from 'typedoc'

/** `maps/src/codec` is imported as `@millrace/maps/codec`. */
const published = (name) => `@millrace/${name.replace(/\/src\b/, '')}`

/** What generated code calls, and nobody by hand. */
const forGeneratedCode = '@millrace/maps/codec'

/**
 * For the documentation site: modules are named as they are imported, a link may name any export, imported or not, and a
 * class, function or value without an example is a warning.
 */
export function load({ converter, logger }) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) module.name = published(module.name)
  })

  converter.addUnknownSymbolResolver((reference, from) => {
    const [first, ...members] = reference.symbolReference?.path?.map(({ path }) => path) ?? []
    const modules = from.project.getReflectionsByKind(ReflectionKind.Module)
    const symbol = modules.map((module) => module.getChildByName([first])).find(Boolean)
    const target = members.length ? symbol?.getChildByName(members) : symbol
    return target && { target }
  })

  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const kinds = ReflectionKind.Class | ReflectionKind.Function | ReflectionKind.Variable
    for (const symbol of project.getReflectionsByKind(kinds)) {
      const comments = [symbol, ...(symbol.signatures ?? [])].map(({ comment }) => comment)
      const hasExample = comments.some((comment) => comment?.getTag('@example'))
      if (!hasExample && symbol.parent.kindOf(ReflectionKind.Module) && symbol.parent.name !== forGeneratedCode)
        logger.warn(`${symbol.getFriendlyFullName()} has no @example`)
    }
  })
}

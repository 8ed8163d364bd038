import type { Codec } from '@millrace/core'

/*
 * Layout lines are core's notation for comparing a codec with what the compiler made (see `Codec` in @millrace/core): a
 * first line `size N`, then `<path> <type> @<bit offset>` for every leaf, `*` being the path of a type that is no
 * struct.
 */

/** The layout of a codec that is no struct. */
export function leaf(size: number, type: string, dimensions = ''): readonly string[] {
  return [`size ${size}`, `*${dimensions} ${type} @0`]
}

/** The lines of a struct's member, without the line of its size. */
export function memberLines(codec: Codec<unknown>, name: string, offset: number): string[] {
  return rewrite(codec, offset, (path) => (path.startsWith('*') ? name + path.slice(1) : `${name}.${path}`))
}

/**
 * The layout of an array: an array of leaves is one line, an array of structs a line and the fields of its first
 * element.
 */
export function arrayLayout(codec: Codec<unknown>, length: number): readonly string[] {
  const size = `size ${codec.size * length}`
  const isLeaf = codec.layout[1]?.startsWith('*')
  if (isLeaf) return [size, ...rewrite(codec, 0, (path) => `*[${length}]${path.slice(1)}`)]
  return [size, `*[${length}] struct${codec.size} @0`, ...rewrite(codec, 0, (path) => `*[${length}].${path}`)]
}

function rewrite(codec: Codec<unknown>, offset: number, rename: (path: string) => string): string[] {
  return codec.layout.slice(1).map((line) => {
    const [path = '', type = '', place = ''] = line.split(' ')
    return `${rename(path)} ${type} @${Number(place.slice(1)) + offset * 8}`
  })
}

/** What a field is called in C unless said otherwise: `sourcePort` is `source_port`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

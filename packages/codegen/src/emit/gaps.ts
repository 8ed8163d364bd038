import type { RecordShape } from '../shape/shape.js'

/** Bytes of a record. */
export interface Gap {
  readonly offset: number
  readonly size: number
}

/**
 * The bytes that no field writes as a whole: padding, members of the kernel's own, and those of bit-fields, which are or-ed
 * together. They are made zero before the fields are written.
 */
export function gapsOf(record: RecordShape): Gap[] {
  const covered = record.parts
    .filter((part) => part.kind === 'union' || part.bitField === undefined)
    .map((part) => ({ start: part.offset, end: part.offset + (part.kind === 'union' ? part.size : part.shape.size) }))
    .sort((a, b) => a.start - b.start)
  const gaps: Gap[] = []
  let done = 0
  for (const { start, end } of [...covered, { start: record.size, end: record.size }]) {
    if (start > done) gaps.push({ offset: done, size: start - done })
    done = Math.max(done, end)
  }
  return gaps
}

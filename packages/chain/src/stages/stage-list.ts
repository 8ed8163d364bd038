import { ArgumentError } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import { DuplicateStageError, UnknownStageError } from '../errors/index.js'
import type { StagePosition } from '../options.js'
import type { Stage } from './stage.js'

type Named = Pick<Stage, 'name'>

/** @throws UnknownStageError */
export function indexOf(stages: readonly Named[], name: string): number {
  const index = stages.findIndex((stage) => stage.name === name)
  if (index >= 0) return index
  throw new UnknownStageError({ stage: String(name), stages: stages.map((stage) => stage.name) })
}

/** @throws DuplicateStageError */
export function checkDistinct(stages: readonly Named[]): void {
  const seen = new Set<string>()
  for (const { name } of stages) {
    if (seen.has(name)) throw new DuplicateStageError({ stage: name })
    seen.add(name)
  }
}

/** The list with the stage in another place. */
export function moved<S extends Named>(stages: readonly S[], name: string, to: StagePosition): S[] {
  const from = indexOf(stages, name)
  const place = placeIn(stages, checkPosition(to))
  // What is behind it moves up when it is taken out; next to itself it stays where it is.
  return stages.toSpliced(from, 1).toSpliced(place > from ? place - 1 : place, 0, ...stages.slice(from, from + 1))
}

/** The compiler has checked it, for those who use it. */
function checkPosition(to: StagePosition): StagePosition {
  if (to === 'first' || to === 'last') return to
  const isObject = typeof to === 'object' && to !== null
  if (isObject) checkOptions('to', to, ['before', 'after'])
  // Of two anchors one would be passed over in silence.
  if (isObject && Object.keys(to).length === 1) return to
  throw new ArgumentError({ argument: 'to', value: to, expected: 'first, last, { before: name } or { after: name }' })
}

/** Before which of them, by its number. */
function placeIn(stages: readonly Named[], to: StagePosition): number {
  if (to === 'first') return 0
  if (to === 'last') return stages.length
  return 'before' in to ? indexOf(stages, to.before) : indexOf(stages, to.after) + 1
}

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
  const stage = stages.slice(indexOf(stages, name), indexOf(stages, name) + 1)
  const others = stages.filter((it) => it.name !== name)
  // Next to itself it stays where it is.
  const anchor = typeof to === 'object' && to !== null ? ('before' in to ? to.before : to.after) : undefined
  if (anchor === name) return [...stages]
  return others.toSpliced(placeIn(others, to), 0, ...stage)
}

function placeIn(stages: readonly Named[], to: StagePosition): number {
  if (to === 'first') return 0
  if (to === 'last') return stages.length
  if (typeof to !== 'object' || to === null) {
    throw new ArgumentError({ argument: 'to', value: to, expected: 'first, last, { before: name } or { after: name }' })
  }
  checkOptions('to', to, ['before', 'after'])
  return 'before' in to ? indexOf(stages, to.before) : indexOf(stages, to.after) + 1
}

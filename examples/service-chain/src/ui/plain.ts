import { count, rate } from '@millrace/example-common'
import type { State } from '../state.js'

/** What is new since the state before, as lines for a log: the figures once a second, a change when it happens. */
export function plainLines(before: State | undefined, now: State): string[] {
  const isStorm = now.event.startsWith('at random') && before?.event.startsWith('at random')
  const lines: string[] = []
  if (now.event !== before?.event && !isStorm) lines.push(`-- ${now.event}`)
  if (before !== undefined && Math.floor(now.elapsed) !== Math.floor(before.elapsed)) lines.push(...figures(now))
  return lines.map((line) => `${now.elapsed.toFixed(1).padStart(5)} s  ${line}`)
}

function figures({ stages, requests, probes, changes }: State): string[] {
  const chain = stages.map(({ name, version, perSecond, dropped }) => {
    const drops = dropped === 0 ? '' : `, ${count(dropped)} dropped`
    return `${name} v${version} ${rate(perSecond)}${drops}`
  })
  const ends = [
    `${count(requests.answered)} requests answered, ${count(requests.failed)} failed`,
    `${count(probes.lost)} of ${count(probes.sent)} probes lost`,
    `${count(changes.count)} changes`,
  ]
  return [chain.join(' -> ') || 'an empty chain', ends.join('; ')]
}

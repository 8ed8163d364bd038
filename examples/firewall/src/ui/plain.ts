import { count, micros, rate } from '@millrace/example-common'
import { CLIENTS } from '../network.js'
import type { Phase, State } from '../state.js'

/** What is new since the state before, as lines for a log: the figures once a second, a change when it happens. */
export function plainLines(before: State | undefined, now: State): string[] {
  const lines: string[] = []
  if (now.phase !== before?.phase) lines.push(`-- ${announcement(now)}`)
  if (before !== undefined && Math.floor(now.elapsed) !== Math.floor(before.elapsed)) {
    lines.push(...figures(now), ...lastDrop(before, now))
  }
  return lines.map((line) => stamped(now, line))
}

function stamped({ elapsed }: State, line: string): string {
  return `${elapsed.toFixed(1).padStart(5)} s  ${line}`
}

function announcement({ phase, attachment, client, server }: State): string {
  const prefix = `${CLIENTS.address}/${CLIENTS.prefixLength}`
  const announcements: Record<Phase, string> = {
    open: `XDP ${attachment.mode}, by ${attachment.mechanism}, on ${attachment.interface}: ${client.address} fetches from ${server.address}:${server.port}`,
    block: `${prefix} is blocked`,
    replace: `the program is replaced, again and again, while ${prefix} is blocked`,
    unblock: `${prefix} is unblocked`,
  }
  return announcements[phase]
}

function figures({ requests, passed, dropped, replaced, unfiltered, program, rules }: State): string[] {
  const decided = [
    `${count(requests.answered)} requests answered (${rate(requests.perSecond)})`,
    `${count(passed.packets)} packets passed (${rate(passed.perSecond)})`,
    `${count(dropped.packets)} dropped (${rate(dropped.perSecond)})`,
  ]
  const swaps = [
    `v${program.version} runs`,
    `replaced ${count(replaced.count)} times`,
    `${micros(replaced.medianMicros)} each`,
    `${count(unfiltered)} packets unfiltered`,
  ]
  const byRule = rules.map(({ source, verdict, packets }) => `${source} ${verdict} ${count(packets)} packets`)
  return [decided, ...(replaced.count === 0 ? [] : [swaps]), byRule].map((parts) => parts.join(', '))
}

function lastDrop(before: State, { drops }: State): string[] {
  const drop = drops.latest.at(-1)
  if (drop === undefined || drops.events === before.drops.events) return []
  const { source, destination, protocol, reason, version } = drop
  return [
    `drop: ${source} → ${destination} ${protocol}, ${reason} by v${version}; ${count(drops.events)} events so far`,
  ]
}

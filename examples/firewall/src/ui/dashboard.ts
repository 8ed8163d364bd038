import {
  bytes,
  count,
  fit,
  justify,
  type Line,
  micros,
  rate,
  type Size,
  type Span,
  span,
  sparkline,
  type Tone,
} from '@millrace/example-common'
import { type DropLine, PHASES, type State } from '../state.js'

/** What a terminal must have at least; a smaller one gets plain lines. */
export const LEAST_SIZE: Size = { columns: 80, rows: 24 }

const VERDICT_TONES = { pass: 'good', drop: 'bad', removed: 'dim' } as const

/** The whole screen as lines: a pure function, so that what people see can be tested and drawn elsewhere. */
export function dashboard(state: State, size: Size): Line[] {
  const columns = size.columns - 2
  const above = [
    header(state, columns),
    [],
    ...path(state, columns),
    [],
    phases(state, columns),
    [],
    ...meters(state, columns),
    [],
    ...ruleTable(state, columns),
    [],
    replacements(state),
    [],
    dropTitle(state, columns),
  ]
  const rows = size.rows - above.length - 1
  const lines = [...above, ...state.drops.latest.slice(-Math.max(0, rows)).map(dropLine)]
  return lines.slice(0, size.rows - 1).map((line) => [span(' '), ...fit(line, columns), span(' ')])
}

function header({ attachment }: State, columns: number): Line {
  return justify(
    [span('MILLRACE', 'title'), span('  firewall', 'strong')],
    [span(`XDP ${attachment.mode}, by ${attachment.mechanism}, on ${attachment.interface}`, 'dim')],
    columns,
  )
}

/** client ──▶ gateway ──▶ server, with the program below the gateway. */
function path({ client, server, program }: State, columns: number): Line[] {
  const arrows = columns - 'client  gateway  server'.length
  const left = Math.floor(arrows / 2)
  const right = arrows - left
  const open = !client.isBlocked
  const before = `${'─'.repeat(left - 1)}${open ? '▶' : '✕'}`
  const after = `${(open ? '─' : '┄').repeat(right - 1)}▶`
  const names: Line = [
    span('client ', 'strong'),
    span(before, open ? 'good' : 'bad'),
    span(' gateway ', 'strong'),
    span(after, open ? 'good' : 'dim'),
    span(' server', 'strong'),
  ]
  const under = `${program.name} v${program.version}, id ${program.id}`
  const middle = Math.floor((columns - under.length) / 2)
  const below = [...fit([span(client.address, 'dim')], middle), span(under, 'busy')]
  return [names, justify(below, [span(`${server.address}:${server.port}`, 'dim')], columns)]
}

function phases({ phase, elapsed, seconds }: State, columns: number): Line {
  const current = PHASES.indexOf(phase)
  const steps = PHASES.flatMap((name, index): Span[] => {
    const mark = index < current ? '●' : index === current ? '◉' : '○'
    const tone: Tone = index < current ? 'plain' : index === current ? 'busy' : 'dim'
    return [...(index === 0 ? [] : [span(' ── ', 'dim')]), span(`${mark} ${name}`, tone)]
  })
  return justify(steps, [span(`${elapsed.toFixed(1)} of ${seconds.toFixed(0)} s`, 'dim')], columns)
}

function meters(state: State, columns: number): Line[] {
  const { requests, passed, dropped, history } = state
  // One scale for packets, so that the two charts compare.
  const top = Math.max(...history.passed, ...history.dropped, 0)
  return [
    meter('requests answered', requests.answered, requests.perSecond, history.requests, undefined, 'busy', columns),
    meter('packets passed', passed.packets, passed.perSecond, history.passed, top, 'good', columns),
    meter('packets dropped', dropped.packets, dropped.perSecond, history.dropped, top, 'bad', columns),
  ]
}

function meter(
  label: string,
  total: number,
  perSecond: number,
  history: readonly number[],
  top: number | undefined,
  tone: Tone,
  columns: number,
): Line {
  const figures = [
    span(label.padEnd(18)),
    span(count(total).padStart(9), 'strong'),
    span(rate(perSecond).padStart(11), 'dim'),
  ]
  return [...figures, span('  '), span(sparkline(history, columns - 40, top), tone)]
}

function ruleTable({ rules }: State, columns: number): Line[] {
  const line = (cells: readonly string[], tones: readonly Tone[]): Line => {
    const [source = '', verdict = '', ...figures] = cells
    const right = figures.map((figure, index) => span(figure.padStart(14), tones[index + 2] ?? 'plain'))
    return justify([span(source.padEnd(26), tones[0]), span(verdict, tones[1])], right, columns)
  }
  const dim: Tone[] = ['dim', 'dim', 'dim', 'dim', 'dim']
  return [
    line(['SOURCE', 'VERDICT', 'PACKETS', 'BYTES', 'RATE'], dim),
    ...rules.map(({ source, verdict, packets, bytes: size, perSecond }) =>
      line(
        [source, verdict, count(packets), bytes(size), rate(perSecond)],
        ['plain', VERDICT_TONES[verdict], 'strong', 'plain', 'dim'],
      ),
    ),
  ]
}

function replacements({ replaced, unfiltered }: State): Line {
  if (replaced.count === 0) return [span('program not replaced yet', 'dim')]
  return [
    span('program replaced '),
    span(`${count(replaced.count)} times`, 'strong'),
    span(`, ${micros(replaced.medianMicros)} each; `),
    span(`${count(unfiltered)} packets unfiltered`, unfiltered === 0 ? 'good' : 'bad'),
  ]
}

function dropTitle({ drops }: State, columns: number): Line {
  return justify(
    [span('DROP EVENTS', 'dim')],
    [span(`${count(drops.events)} read, ${count(drops.overruns)} lost`, 'dim')],
    columns,
  )
}

function dropLine({ at, source, destination, protocol, reason, version, events }: DropLine): Line {
  return [
    span(`${at.toFixed(2)} s`.padStart(8), 'dim'),
    span(`  ${source}`, 'bad'),
    span(' → ', 'dim'),
    span(destination.padEnd(22)),
    span(protocol.padEnd(5)),
    span(reason, 'bad'),
    span(` by v${version}`, 'dim'),
    span(events === 1 ? '' : `  ${count(events)} times`),
  ]
}

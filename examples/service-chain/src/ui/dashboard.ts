import { count, fit, justify, type Line, micros, rate, type Size, span, sparkline } from '@millrace/example-common'
import { KEYS } from '../keys.js'
import { CLIENT, SERVER } from '../network.js'
import type { StageState, State } from '../state.js'

/** What a terminal must have at least; a smaller one gets plain lines. */
export const LEAST_SIZE: Size = { columns: 80, rows: 24 }

/** The whole screen as lines: a pure function, so that what people see can be tested and drawn elsewhere. */
export function dashboard(state: State, size: Size): Line[] {
  const columns = size.columns - 2
  const lines: Line[] = [
    header(state, columns),
    [],
    path(state, columns),
    [],
    title(columns),
    ...state.stages.map((stage, index) => stageLine(stage, index, columns)),
    ...(state.stages.length === 0 ? [[span('  an empty chain: every packet goes on to the stack', 'dim')]] : []),
    [],
    [span('last change  ', 'dim'), span(state.event, 'busy')],
    changes(state),
    [],
    ...endToEnd(state),
    [],
    ...footer(state, columns),
  ]
  return lines.slice(0, size.rows - 1).map((line) => [span(' '), ...fit(line, columns), span(' ')])
}

function header({ chain }: State, columns: number): Line {
  return justify(
    [span('MILLRACE', 'title'), span('  service chain', 'strong')],
    [span(`${chain.hook}, by ${chain.mechanism}, on ${chain.interface}`, 'dim')],
    columns,
  )
}

/** client ─▶ parser ─▶ firewall ─▶ ... ─▶ server */
function path({ stages }: State, columns: number): Line {
  const arrow = span(' ─▶ ', 'good')
  const middle = stages.flatMap(({ name, version }) => [arrow, span(version === 1 ? name : `${name}·2`, 'busy')])
  return fit([span(CLIENT, 'strong'), ...middle, arrow, span(SERVER, 'strong')], columns)
}

function title(columns: number): Line {
  const figures = ['PACKETS', 'RATE', 'DROPPED'].map((it) => it.padStart(11)).join('')
  return fit([span(`  ${'STAGE'.padEnd(14)}${figures}`, 'dim')], columns)
}

function stageLine(
  { name, version, packets, perSecond, dropped, history }: StageState,
  index: number,
  columns: number,
) {
  return [
    span(`${index + 1} `, 'dim'),
    span(name, 'strong'),
    span(` v${version}`.padEnd(14 - name.length), 'dim'),
    span(count(packets).padStart(11)),
    span(rate(perSecond).padStart(11), 'dim'),
    span(count(dropped).padStart(11), dropped === 0 ? 'dim' : 'bad'),
    span('  '),
    span(sparkline(history, columns - 51), 'good'),
  ]
}

function changes({ changes: { count: number, medianMicros, longestMicros } }: State): Line {
  if (number === 0) return [span('no change yet', 'dim')]
  return [
    span('changed      ', 'dim'),
    span(`${count(number)} times`, 'strong'),
    span(`, ${micros(medianMicros)} each, ${micros(longestMicros)} at most`),
  ]
}

function endToEnd({ requests, probes, noise, stages }: State): Line[] {
  const missed = stages.reduce((sum, stage) => sum + stage.missed, 0)
  return [
    [
      span('HTTP         ', 'dim'),
      span(`${count(requests.answered)} answered`, 'strong'),
      span(` at ${rate(requests.perSecond)}, `),
      span(`${count(requests.failed)} failed`, requests.failed === 0 ? 'good' : 'bad'),
    ],
    [
      span('probes       ', 'dim'),
      span(`${count(probes.arrived)} of ${count(probes.sent)} arrived`, 'strong'),
      span(', '),
      span(`${count(probes.lost)} lost`, probes.lost === 0 ? 'good' : 'bad'),
      span(', '),
      span(`${count(missed)} packets found no next stage`, missed === 0 ? 'good' : 'bad'),
    ],
    [span('noise        ', 'dim'), span(`${count(noise.arrived)} of ${count(noise.sent)} arrived`)],
  ]
}

/** How far it is, or the keys, in two rows. */
function footer({ elapsed, seconds }: State, columns: number): Line[] {
  if (seconds !== undefined) {
    return [justify([], [span(`${elapsed.toFixed(1)} of ${seconds.toFixed(0)} s`, 'dim')], columns)]
  }
  const keys = Object.entries(KEYS).map(([key, { label }]) => [span(key, 'strong'), span(` ${label}   `, 'dim')])
  const half = Math.ceil(keys.length / 2)
  return [keys.slice(0, half).flat(), [...keys.slice(half).flat(), span('q', 'strong'), span(' quit', 'dim')]]
}

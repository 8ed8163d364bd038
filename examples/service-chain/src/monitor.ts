import { setTimeout as sleep } from 'node:timers/promises'
import { Rate, type Run, type View } from '@millrace/example-common'
import type { Rig } from './rig.js'
import type { StageState, State } from './state.js'
import type { Traffic } from './traffic.js'

/** Seconds between two frames. */
const FRAME = 0.1
/** Values of a chart: as many as fit beside the figures in a terminal of 80 columns. */
const CHART = 24

export interface Watched {
  /** of the whole run; undefined: until somebody ends it */
  readonly seconds: number | undefined
  readonly view: View<State>
  readonly signal: AbortSignal
  readonly rig: Rig<'xdp'> | Rig<'tc'>
  readonly traffic: Traffic
}

/** What is remembered of a stage from frame to frame. */
interface Drawn {
  readonly rate: Rate
  readonly history: number[]
  readonly packets: number
}

/** Reads the figures while the chain is changed, and shows them. */
export class Monitor {
  readonly #watched: Watched
  readonly #start = performance.now()
  readonly #stages = new Map<string, Drawn>()
  readonly #requests = new Rate()
  #event = 'an empty chain'
  #nextFrame = 0

  constructor(watched: Watched) {
    this.#watched = watched
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.#start) / 1_000
  }

  /** Takes note of a change. */
  note(event: string): void {
    this.#event = event
  }

  /** Waits and shows what happens meanwhile. */
  async watchFor(seconds: number): Promise<void> {
    const end = this.elapsed + seconds
    while (this.elapsed < end) {
      if (this.elapsed >= this.#nextFrame) {
        this.#nextFrame = this.elapsed + FRAME
        this.#watched.view.show(await this.read())
      }
      const wait = Math.min(end, this.#nextFrame) - this.elapsed
      await sleep(Math.max(0, wait * 1_000), undefined, { signal: this.#watched.signal })
    }
  }

  /** Everything there is to show now. */
  async read(): Promise<State> {
    const { seconds, rig, traffic } = this.#watched
    const { client, server } = await traffic.report()
    const at = this.elapsed
    const { hook, mechanism, mode, interface: iface } = rig.chain
    return {
      elapsed: at,
      seconds,
      chain: { hook: mode === undefined ? hook : `${hook} ${mode}`, mechanism, interface: iface },
      stages: rig.stages().map((stage): StageState => {
        const packets = Number(stage.packets)
        const drawn = this.#drawn(stage.name, packets)
        const perSecond = drawn.rate.next(at, packets)
        drawn.history.push(perSecond)
        if (drawn.history.length > CHART) drawn.history.shift()
        return {
          name: stage.name,
          version: stage.version,
          packets,
          perSecond,
          dropped: Number(stage.verdicts.drop ?? stage.verdicts.shot ?? 0n),
          missed: Number(stage.missed),
          history: [...drawn.history],
        }
      }),
      event: this.#event,
      changes: rig.changes,
      requests: {
        answered: client.requests.answered,
        failed: client.requests.failed,
        perSecond: this.#requests.next(at, client.requests.answered),
      },
      probes: { sent: client.probes, arrived: total(server.probes), lost: holes(server.probes) },
      noise: { sent: client.noise, arrived: total(server.noise) },
    }
  }

  /** A stage that was taken out and put in again counts from 0. */
  #drawn(name: string, packets: number): Drawn {
    const known = this.#stages.get(name)
    const goesOn = known !== undefined && known.packets <= packets
    const drawn = { rate: goesOn ? known.rate : new Rate(), history: known?.history ?? [], packets }
    this.#stages.set(name, drawn)
    return drawn
  }
}

function total(runs: readonly Run[]): number {
  return runs.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

/** Numbers between the first and the last that arrived, which did not. */
function holes(runs: readonly Run[]): number {
  const first = runs[0]?.[0] ?? 0
  const last = Math.max(...runs.map((run) => run[1]), -1)
  return last < 0 ? 0 : last - first + 1 - total(runs)
}

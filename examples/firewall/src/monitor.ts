import { setTimeout as sleep } from 'node:timers/promises'
import { countWithin, median, Rate, type View } from '@millrace/example-common'
import { XdpAction, type XdpAttachment } from '@millrace/xdp'
import type { DropLog } from './drop-log.js'
import { CLIENT, HTTP_PORT, SERVER } from './network.js'
import type { RuleBook } from './rule-book.js'
import type { Phase, ReplaceState, State } from './state.js'
import type { Traffic, TrafficReport } from './traffic.js'
import { total, type Version } from './version.js'

/** Seconds between two frames. */
const FRAME = 0.1
/** Values of a chart over the whole run: as many as fit beside the figures in a terminal of 80 columns. */
const CHART = 38

export interface Watched {
  readonly seconds: number
  readonly view: View<State>
  readonly signal: AbortSignal
  readonly attachment: XdpAttachment
  readonly versions: readonly [Version, ...Version[]]
  readonly rules: RuleBook
  readonly drops: DropLog
  readonly traffic: Traffic
}

/** What the traffic had come to at one moment. */
export interface Mark extends TrafficReport {
  /** seconds since the start */
  readonly at: number
}

/** Reads the figures while the scenario goes on, and shows them. */
export class Monitor {
  readonly #watched: Watched
  readonly #start = performance.now()
  #phase: Phase = 'open'
  /** numbers of the datagrams that are sent while the client is blocked, none of which may arrive: from, to */
  #blocked: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  readonly #rates = { requests: new Rate(), passed: new Rate(), dropped: new Rate() }
  readonly #history = { requests: [] as number[], passed: [] as number[], dropped: [] as number[] }
  /** microseconds */
  readonly #updates: number[] = []
  #running: Version
  #nextFrame = 0

  constructor(watched: Watched) {
    this.#watched = watched
    this.#running = watched.versions[0]
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.#start) / 1_000
  }

  get replacements(): ReplaceState {
    return {
      count: this.#updates.length,
      medianMicros: median(this.#updates),
      longestMicros: Math.max(0, ...this.#updates),
    }
  }

  /** Begins a phase; what it returns was the case just before. */
  async enter(phase: Phase): Promise<Mark> {
    const { client, server } = await this.#watched.traffic.report()
    if (phase === 'block') this.#blocked[0] = client.sent
    if (phase === 'unblock') this.#blocked[1] = client.sent
    this.#phase = phase
    return { at: this.elapsed, client, server }
  }

  /** Takes note of a replacement. */
  replaced(running: Version, milliseconds: number): void {
    this.#running = running
    this.#updates.push(milliseconds * 1_000)
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
    const { seconds, attachment, versions, rules, drops } = this.#watched
    const { client, server } = await this.#watched.traffic.report()
    const at = this.elapsed
    const passed = total(versions, XdpAction.Pass)
    const dropped = total(versions, XdpAction.Drop)
    const perSecond = {
      requests: this.#rates.requests.next(at, client.requests.answered),
      passed: this.#rates.passed.next(at, passed.packets),
      dropped: this.#rates.dropped.next(at, dropped.packets),
    }
    this.#chart(at, perSecond)
    return {
      elapsed: at,
      seconds,
      phase: this.#phase,
      attachment: { interface: attachment.interface, mode: attachment.mode, mechanism: attachment.mechanism },
      program: { name: this.#running.program.name, version: this.#running.number, id: this.#running.program.id },
      client: { address: CLIENT, isBlocked: this.#phase === 'block' || this.#phase === 'replace' },
      server: { address: SERVER, port: HTTP_PORT },
      requests: { ...client.requests, perSecond: perSecond.requests },
      allowed: client.allowed,
      passed: { packets: passed.packets, perSecond: perSecond.passed },
      dropped: { packets: dropped.packets, perSecond: perSecond.dropped },
      rules: rules.read(at, passed),
      drops: drops.state,
      replaced: this.replacements,
      unfiltered: countWithin(server.arrived, ...this.#blocked),
      history: structuredClone(this.#history),
    }
  }

  /** One value for each stretch of the run, so that the chart is full at its end. */
  #chart(
    at: number,
    perSecond: { readonly requests: number; readonly passed: number; readonly dropped: number },
  ): void {
    const due = Math.floor((at / this.#watched.seconds) * CHART)
    while (this.#history.requests.length < due) {
      this.#history.requests.push(perSecond.requests)
      this.#history.passed.push(perSecond.passed)
      this.#history.dropped.push(perSecond.dropped)
    }
  }
}

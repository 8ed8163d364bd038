import type { RingBuffer } from '@millrace/maps'
import { type DropEvent, DropReason } from './generated/firewall.bpf.js'
import type { DropLine, DropsState } from './state.js'

/** Lines that are kept, each for alike drops within so many seconds. */
const KEPT = 64
const SPAN = 0.25
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }
const REASONS = new Map<number, string>(Object.entries(DropReason).map(([name, value]) => [value, name.toLowerCase()]))

/** Follows the drop events as they stream in. */
export class DropLog implements AsyncDisposable {
  readonly #drops: RingBuffer<DropEvent>
  /** The program stamps with CLOCK_MONOTONIC, which is also the clock of `hrtime`. */
  readonly #start = process.hrtime.bigint()
  readonly #stop = new AbortController()
  readonly #lines: DropLine[] = []
  #events = 0
  readonly #done: Promise<void>

  constructor(drops: RingBuffer<DropEvent>) {
    this.#drops = drops
    this.#done = this.#follow()
  }

  get state(): DropsState {
    return { latest: [...this.#lines], events: this.#events, overruns: Number(this.#drops.overruns()) }
  }

  async #follow(): Promise<void> {
    try {
      for await (const drop of this.#drops.events({ signal: this.#stop.signal })) this.#add(drop)
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
    }
  }

  #add({ time, source, destination, destinationPort, protocol, reason, version }: DropEvent): void {
    this.#events++
    const line: DropLine = {
      at: Number(time - this.#start) / 1e9,
      source,
      destination: destinationPort === 0 ? destination : `${destination}:${destinationPort}`,
      protocol: PROTOCOLS[protocol] ?? String(protocol),
      reason: REASONS.get(reason) ?? String(reason),
      version,
      events: 1,
    }
    const index = this.#lines.findLastIndex((other) => isAlike(line, other))
    const alike = this.#lines[index]
    if (alike === undefined) this.#lines.push(line)
    else this.#lines[index] = { ...alike, events: alike.events + 1 }
    if (this.#lines.length > KEPT) this.#lines.shift()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#done
  }
}

function isAlike(a: DropLine, b: DropLine): boolean {
  return (
    a.at - b.at < SPAN &&
    a.source === b.source &&
    a.destination === b.destination &&
    a.protocol === b.protocol &&
    a.reason === b.reason &&
    a.version === b.version
  )
}

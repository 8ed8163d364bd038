import { LinkedChain, type Mechanics } from '../src/plan/linked-chain.js'

/** An instance as the model has it: where it leads, and whether the kernel still has it. */
interface Node {
  readonly stage: string
  next: Node | undefined
  discarded: boolean
}

interface Packet {
  /** undefined: it is through */
  at: Node | 'hook' | undefined
  /** the chain when it came in, and all that there were since: any of them will do */
  readonly valid: Set<string>
  trace: string
}

/**
 * A chain without a kernel: packets are where the test moves them, and a grace period is over when the test says so, though
 * never before the packets are through that it waits for.
 */
export class ChainModel {
  readonly chain: LinkedChain<string, Node>
  readonly #packets: Packet[] = []
  readonly #waits: { readonly packets: readonly Packet[]; readonly over: () => void }[] = []
  readonly #honest: boolean
  readonly #problems: string[] = []
  #head: Node | undefined
  /** number of calls until one fails; undefined: none does */
  failIn: number | undefined
  living = 0

  /** @param honest - false: grace periods are over at once, which must be noticed */
  constructor(honest = true) {
    this.#honest = honest
    const mechanics: Mechanics<string, Node> = {
      make: (stage, next) => {
        this.#mayFail()
        this.living++
        return { stage, next, discarded: false }
      },
      lead: (from, to) => {
        this.#mayFail()
        if (from === undefined) this.#head = to
        else from.next = to
      },
      discard: (node) => {
        if (node.discarded) this.#problems.push(`${node.stage} was discarded twice`)
        if (this.#packets.some(({ at }) => at === node))
          this.#problems.push(`${node.stage} was discarded with a packet in it`)
        node.discarded = true
        this.living--
      },
      wait: () =>
        new Promise((over) => {
          if (this.#honest) this.#waits.push({ packets: this.#packets.filter(({ at }) => at !== undefined), over })
          else over()
        }),
    }
    this.chain = new LinkedChain(mechanics)
  }

  /** What the chain is now, as packets see it that come in. */
  get seen(): string {
    let seen = ''
    for (let node = this.#head; node !== undefined; node = node.next) seen += node.stage
    return seen
  }

  get problems(): readonly string[] {
    return this.#problems
  }

  /** Whether it was done; if not, the chain must be as it was. */
  change(stages: readonly string[]): boolean {
    const before = this.seen
    try {
      this.chain.change(stages)
    } catch {
      if (this.seen !== before || this.chain.stages.join('') !== before) {
        this.#problems.push(`a change that failed made ${this.seen} of ${before}`)
      }
      return false
    } finally {
      this.failIn = undefined
    }
    const now = stages.join('')
    if (this.seen !== now || this.chain.stages.join('') !== now) this.#problems.push(`${now} came out as ${this.seen}`)
    for (const { at, valid } of this.#packets) if (at !== undefined) valid.add(now)
    return true
  }

  enter(): void {
    this.#packets.push({ at: 'hook', valid: new Set([this.seen]), trace: '' })
  }

  /** Moves one of the packets that are under way a stage further. */
  step(which: number): void {
    const moving = this.#packets.filter(({ at }) => at !== undefined)
    const packet = moving[which % moving.length]
    if (packet === undefined) return
    packet.at = packet.at === 'hook' ? this.#head : packet.at?.next
    if (packet.at === undefined) {
      this.#check(packet)
      return
    }
    if (packet.at.discarded) this.#problems.push(`a packet came to ${packet.at.stage}, which was discarded`)
    packet.trace += packet.at.stage
  }

  /** Ends a grace period that may end. */
  async expire(): Promise<void> {
    const index = this.#waits.findIndex(({ packets }) => packets.every(({ at }) => at === undefined))
    this.#waits.splice(index, index < 0 ? 0 : 1)[0]?.over()
    await turn()
  }

  /** Lets every packet through and every grace period end. */
  async drain(): Promise<void> {
    while (this.#packets.some(({ at }) => at !== undefined)) this.step(0)
    const settled = this.chain.settled()
    while (this.#waits.length > 0) await this.expire()
    await settled
  }

  #check({ trace, valid }: Packet): void {
    if (!valid.has(trace)) this.#problems.push(`a packet saw ${trace || 'none'}, valid were ${[...valid].join(', ')}`)
  }

  #mayFail(): void {
    if (this.failIn !== undefined && this.failIn-- === 0) throw new Error('the kernel said no')
  }
}

/** Lets what a promise set off happen. */
export const turn = () => new Promise((done) => setImmediate(done))

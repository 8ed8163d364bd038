import type { Link, Program } from '@millrace/core'
import type { Entry, Grip, TcMechanism } from './mechanism.js'
import { removePin } from './pins.js'

/** Holds what is to outlive its holder. */
export class AdoptedGrip implements Grip {
  readonly #grip: Grip

  constructor(grip: Grip) {
    this.#grip = grip
  }

  get mechanism(): TcMechanism {
    return this.#grip.mechanism
  }

  get link(): Link | undefined {
    return this.#grip.link
  }

  update(program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): void {
    this.#grip.update(program, expected)
  }

  /** The pin goes first: who is killed after that leaves a link that nobody holds, and not a pin that holds nothing. */
  detach(): void {
    const path = this.link?.pinPath
    if (path !== undefined) removePin(path)
    this.#grip.detach()
  }

  /** A filter needs no holder; a link is held by its pin. */
  close(): void {
    if (this.link !== undefined) this.#grip.close()
  }

  holds(entry: Entry): boolean {
    return this.#grip.holds(entry)
  }
}

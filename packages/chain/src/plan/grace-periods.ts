/**
 * What has to wait until no packet can be where it was: it runs once every program that was running when it was handed in has
 * returned. One wait at a time, however much is handed in meanwhile, for each takes a thread of the pool.
 */
export class GracePeriods {
  readonly #wait: () => Promise<void>
  #waiting: (() => void)[] = []
  #running: Promise<void> | undefined

  /** @param wait - resolves once every program that was running when it was called has returned */
  constructor(wait: () => Promise<void>) {
    this.#wait = wait
  }

  /** Runs `task` after a grace period that begins now or later. What it throws is for who asks {@link GracePeriods.settled}. */
  after(task: () => void): void {
    this.#waiting.push(task)
    if (this.#running !== undefined) return
    this.#running = this.#run()
    // Whoever wants to know of a failure asks settled().
    this.#running.catch(() => {})
  }

  /**
   * Resolves when there is nothing left that waits. Rejects when the kernel could not be waited for: then what waited still does, and
   * is tried again at the next opportunity.
   */
  async settled(): Promise<void> {
    if (this.#running === undefined && this.#waiting.length > 0) this.after(() => {})
    while (this.#running !== undefined) await this.#running
  }

  /** Runs `task` at once if nothing waits, else when nothing does any more, or cannot be waited for. */
  whenIdle(task: () => void): void {
    if (this.#running === undefined) task()
    else this.settled().then(task, task)
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const tasks = this.#waiting
        this.#waiting = []
        await this.#wait().catch((error: unknown) => {
          this.#waiting.unshift(...tasks)
          throw error
        })
        runAll(tasks)
      }
    } finally {
      this.#running = undefined
    }
  }
}

/** Each of them, also when one throws. */
function runAll(tasks: readonly (() => void)[]): void {
  const errors: unknown[] = []
  for (const task of tasks) {
    try {
      task()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

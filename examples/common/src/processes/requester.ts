import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Requests from one address, as the client saw them. */
export interface RequestFigures {
  readonly answered: number
  readonly failed: number
  /** milliseconds between two answers, the current wait included */
  readonly longestGap: number
}

const PAUSE = 8

/** Keeps fetching one page from one source address: real requests over real connections. */
export class Requester {
  readonly #options: { host: string; port: number; localAddress: string; agent: Agent }
  #answered = 0
  #failed = 0
  #longestGap = 0
  #lastAnswer: number | undefined
  readonly #timeout: number

  /** `timeout`: milliseconds after which a request without an answer has failed. */
  constructor(host: string, port: number, localAddress: string, timeout: number) {
    this.#timeout = timeout
    this.#options = { host, port, localAddress, agent: new Agent({ keepAlive: true }) }
  }

  get figures(): RequestFigures {
    return { answered: this.#answered, failed: this.#failed, longestGap: Math.max(this.#longestGap, this.#gap()) }
  }

  /** Never ends; run several at once for more requests. */
  async run(): Promise<never> {
    for (;;) {
      try {
        await this.#request()
        this.#count()
      } catch {
        this.#failed++
      }
      await sleep(PAUSE)
    }
  }

  #count(): void {
    this.#longestGap = Math.max(this.#longestGap, this.#gap())
    this.#lastAnswer = performance.now()
    this.#answered++
  }

  #gap(): number {
    return this.#lastAnswer === undefined ? 0 : performance.now() - this.#lastAnswer
  }

  #request(): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get({ ...this.#options, signal: AbortSignal.timeout(this.#timeout) }, (response) => {
        response.on('error', reject).on('end', resolve).resume()
      })
      request.on('error', reject)
    })
  }
}

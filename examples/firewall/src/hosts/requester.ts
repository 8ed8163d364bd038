import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestFigures } from './protocol.js'

/** Milliseconds. A blocked packet gets no answer, so a request needs an end of its own. */
const TIMEOUT = 300
const PAUSE = 8

/** Keeps fetching one page from one source address: real requests over real connections. */
export class Requester {
  readonly #options: { host: string; port: number; localAddress: string; agent: Agent }
  #answered = 0
  #failed = 0
  #longestGap = 0
  #lastAnswer: number | undefined

  constructor(host: string, port: number, localAddress: string) {
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
      const request = get({ ...this.#options, signal: AbortSignal.timeout(TIMEOUT) }, (response) => {
        response.on('error', reject).on('end', resolve).resume()
      })
      request.on('error', reject)
    })
  }
}

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { load } from '@millrace/core'
import { attachTc } from '@millrace/tc'
import type { Host } from '@millrace/testing'
import { record } from './generated/record.bpf.js'
import { FAR } from './network.js'

/** For packets that are never coming, which fails the test. */
const DEADLINE_MS = 5000

const total = (traces: Map<string, number>) => [...traces.values()].reduce((sum, count) => sum + count, 0)

/** Sends while it is told to; answers each line with how many it has sent since the last one. */
const program = `
  const socket = require('node:dgram').createSocket('udp4')
  const packet = Buffer.alloc(60)
  let sent = 0, under = 0, running = false
  const send = (count) => {
    for (let i = 0; i < count; i++) {
      under++
      socket.send(packet, 7777, '${FAR}', (error) => { under--; if (!error) sent++ })
    }
  }
  setInterval(() => { if (running) send(20) }, 2)
  const answer = () => under > 0 ? setTimeout(answer, 1) : (console.log(sent), sent = 0)
  require('node:readline').createInterface(process.stdin).on('line', (line) => {
    if (line === 'start') running = true
    else { running = false; send(Number(line)); answer() }
  }).on('close', () => process.exit())
`

/** Sends datagrams from one host to the other. */
export class Sender {
  readonly #child: ReturnType<Host['spawn']>
  readonly #answers: AsyncIterator<string>

  private constructor(child: ReturnType<Host['spawn']>) {
    this.#child = child
    if (child.stdout === null) throw new TypeError('the sender has no output')
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  }

  static async start(from: Host, to: Host): Promise<Sender> {
    // A chain that drops everything drops ARP, too.
    const neighbour = ['neighbour', 'replace', FAR, 'lladdr', to.interface('eth0').mac, 'dev', 'eth0']
    await from.run('ip', neighbour)
    return new Sender(from.spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }))
  }

  /** Sends as many at once. */
  burst(count = 200): Promise<number> {
    return this.#ask(count)
  }

  /** Begins a stream of some thousand a second. */
  start(): void {
    this.#child.stdin?.write('start\n')
  }

  /** Ends the stream; resolves to how many it was. */
  stop(): Promise<number> {
    return this.#ask(0)
  }

  async close(): Promise<void> {
    this.#child.stdin?.end()
    await once(this.#child, 'close')
  }

  async #ask(count: number): Promise<number> {
    this.#child.stdin?.write(`${count}\n`)
    return Number((await this.#answers.next()).value)
  }
}

/** Counts the packets of a stream by what has seen them, behind the chain. */
export interface Recorder extends Disposable {
  /** How many packets by who has seen them, `1 2 3`, since the last call. Waits for as many, which may still be under way. */
  traces(expected: number): Promise<Map<string, number>>
}

/** On the way in, and by a filter, after all else. */
export async function recordOn(host: Host): Promise<Recorder> {
  const object = await load(record)
  const options = { direction: 'ingress', netns: host.netns, mechanism: 'clsact', order: 'last' } as const
  const attachment = attachTc(object.programs.record, 'eth0', options)
  return {
    traces: async (expected) => {
      const read = () =>
        new Map([...object.maps.traces].map(([{ seen, by }, count]) => [by.slice(0, seen).join(' '), Number(count)]))
      for (const end = Date.now() + DEADLINE_MS; total(read()) < expected && Date.now() < end; ) await delay(2)
      const found = read()
      object.maps.traces.clear()
      return found
    },
    [Symbol.dispose]: () => {
      attachment.close()
      object.close()
    },
  }
}

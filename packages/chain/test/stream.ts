import { once } from 'node:events'
import { load, type Program } from '@millrace/core'
import { attachTc } from '@millrace/tc'
import type { Host } from '@millrace/testing'
import { record } from './generated/record.bpf.js'
import { FAR } from './network.js'

/** Sends datagrams until its input ends, then says how many. */
const sender = `
  const socket = require('node:dgram').createSocket('udp4')
  const packet = Buffer.alloc(60)
  let sent = 0
  const send = () => { for (let i = 0; i < 20; i++) socket.send(packet, 7777, '${FAR}', (error) => { if (!error) sent++ }) }
  const timer = setInterval(send, 2)
  process.stdin.resume().on('end', () => {
    clearInterval(timer)
    setTimeout(() => { console.log(sent); process.exit() }, 100)
  })
`

/** A stream of datagrams from one host to the other, some thousand a second. */
export class Stream implements AsyncDisposable {
  readonly #child: ReturnType<Host['spawn']>
  readonly #output: Promise<string>

  private constructor(child: ReturnType<Host['spawn']>) {
    this.#child = child
    this.#output = collect(child)
  }

  static async start(from: Host, to: Host): Promise<Stream> {
    // A chain that drops everything drops ARP, too.
    const neighbour = ['neighbour', 'replace', FAR, 'lladdr', to.interface('eth0').mac, 'dev', 'eth0']
    await from.run('ip', neighbour)
    return new Stream(from.spawn(process.execPath, ['-e', sender], { stdio: ['pipe', 'pipe', 'inherit'] }))
  }

  /** Ends it; resolves to the number of packets when the last one has been sent. */
  async stop(): Promise<number> {
    this.#child.stdin?.end()
    return Number(await this.#output)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

async function collect(child: ReturnType<Host['spawn']>): Promise<string> {
  let output = ''
  child.stdout?.on('data', (text) => {
    output += text
  })
  await once(child, 'close')
  return output
}

/** Counts the packets of a stream by what has seen them, behind the chain. */
export interface Recorder extends Disposable {
  /** how many packets by who has seen them: `1 2 3` */
  traces(): Map<string, number>
}

/** On the way in, and by a filter, after all else. */
export async function recordOn(host: Host): Promise<Recorder> {
  const object = await load(record)
  const program: Program<'sched_cls'> = object.programs.record
  const attachment = attachTc(program, 'eth0', {
    direction: 'ingress',
    netns: host.netns,
    mechanism: 'clsact',
    order: 'last',
  })
  return {
    traces: () =>
      new Map([...object.maps.traces].map(([{ seen, by }, count]) => [by.slice(0, seen).join(' '), Number(count)])),
    [Symbol.dispose]: () => {
      attachment.close()
      object.close()
    },
  }
}

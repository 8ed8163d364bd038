import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Host } from '@millrace/testing'

const PORT = 9000

/** Sends numbered datagrams from two addresses, some 400 a second each: what waits while the receiver has no CPU fits into its buffer, until its input ends; then prints how many. */
const sender = `
  const { createSocket } = require('node:dgram')
  const [to, ...sources] = process.argv.slice(1)
  let sent = 0, done = 0, stopped = false
  const sockets = sources.map((source) => createSocket('udp4').bind(0, source))
  const finish = () => {
    if (stopped && done === sources.length * sent) { console.log(sent); process.exit() }
  }
  const handed = (error) => {
    if (error) throw error
    done++
    finish()
  }
  const timer = setInterval(() => {
    for (let i = 0; i < 2; i++, sent++) {
      const number = Buffer.alloc(4)
      number.writeUInt32LE(sent)
      for (const socket of sockets) socket.send(number, ${PORT}, to, handed)
    }
  }, 5)
  process.stdin.on('data', () => { clearInterval(timer); stopped = true; finish() })
`

/** Notes which numbers came from whom; prints them by source when it is told to. */
const receiver = `
  const seen = {}
  const socket = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  socket.on('message', (message, { address }) => (seen[address] ??= []).push(message.readUInt32LE()))
  socket.bind(${PORT}, () => console.log('ready'))
  process.stdin.on('data', () => console.log(JSON.stringify(seen)))
`

/** A stream of numbered datagrams from two addresses. */
export interface Numbered {
  /** Ends the stream; how many each address has sent. */
  stop(): Promise<number>
  /** the numbers that arrived so far, by source */
  received(): Promise<Readonly<Record<string, readonly number[]>>>
}

export async function startNumbered(
  from: Host,
  to: Host,
  address: string,
  sources: readonly string[],
): Promise<Numbered> {
  const sink = to.spawn(process.execPath, ['-e', receiver], { stdio: ['pipe', 'pipe', 'inherit'] })
  const sinkLines = createInterface(sink.stdout as NodeJS.ReadableStream)
  await once(sinkLines, 'line')
  const source = from.spawn(process.execPath, ['-e', sender, address, ...sources], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const sourceLines = createInterface(source.stdout as NodeJS.ReadableStream)
  return {
    async stop() {
      source.stdin?.write('stop\n')
      const [sent] = await once(sourceLines, 'line')
      return Number(sent)
    },
    async received() {
      sink.stdin?.write('report\n')
      const [line] = await once(sinkLines, 'line')
      return JSON.parse(line)
    },
  }
}

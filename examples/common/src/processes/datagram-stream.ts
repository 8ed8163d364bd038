import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

const INTERVAL = 2
/** What is sent at once at most, when the timer came late. */
const LARGEST_BURST = 64
const SIZE = 64

/** Sends numbered datagrams at a steady rate, so that whoever receives can tell exactly which ones got through. */
export class DatagramStream {
  readonly #socket: Socket
  readonly #perSecond: number
  #sent = 0

  private constructor(socket: Socket, perSecond: number) {
    this.#socket = socket
    this.#perSecond = perSecond
  }

  static async start(from: string, to: string, port: number, perSecond: number): Promise<DatagramStream> {
    const socket = createSocket('udp4')
    socket.bind(0, from)
    await once(socket, 'listening')
    socket.connect(port, to)
    await once(socket, 'connect')
    const stream = new DatagramStream(socket, perSecond)
    stream.#run()
    return stream
  }

  get sent(): number {
    return this.#sent
  }

  #run(): void {
    let last = performance.now()
    let due = 0
    setInterval(() => {
      const now = performance.now()
      due = Math.min(due + ((now - last) / 1_000) * this.#perSecond, LARGEST_BURST)
      last = now
      for (; due >= 1; due--) this.#send()
    }, INTERVAL)
  }

  #send(): void {
    const datagram = Buffer.alloc(SIZE)
    datagram.writeUInt32BE(this.#sent++)
    // One that the system has no room for is lost, as any datagram may be.
    this.#socket.send(datagram, () => {})
  }
}

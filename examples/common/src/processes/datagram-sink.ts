import { createSocket } from 'node:dgram'

/** Numbers that arrived, as a run without a hole: first and last. */
export type Run = [first: number, last: number]

/** Takes note of which datagrams of a {@link DatagramStream} arrive at a port, as runs without a hole. */
export function listenForDatagrams(port: number): readonly Run[] {
  const arrived: Run[] = []
  const sink = createSocket('udp4')
  sink.on('message', (datagram) => {
    const number = datagram.readUInt32BE()
    const run = arrived.at(-1)
    if (run !== undefined && run[1] + 1 === number) run[1] = number
    else arrived.push([number, number])
  })
  sink.bind(port, '0.0.0.0')
  return arrived
}

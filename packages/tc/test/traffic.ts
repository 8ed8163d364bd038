import { once } from 'node:events'
import type { Host } from '@millrace/testing'
import { vi } from 'vitest'
import { FAR, PORT } from './network.js'

/** Sends as many datagrams as its argument says, and prints how many it sent. */
const burst = `
  const socket = require('node:dgram').createSocket('udp4')
  let left = Number(process.argv[1])
  const next = () => left-- > 0 ? socket.send('x', ${PORT}, '${FAR}', (error) => { if (error) throw error; next() }) : socket.close()
  next()
`

/** Sends datagrams for as many milliseconds as its argument says, and prints how many it sent. */
const flow = `
  const socket = require('node:dgram').createSocket('udp4')
  let sent = 0
  const timer = setInterval(() => {
    for (let i = 0; i < 20; i++) socket.send('x', ${PORT}, '${FAR}', (error) => { if (!error) sent++ })
  }, 2)
  setTimeout(() => {
    clearInterval(timer)
    setTimeout(() => { console.log(sent); process.exit() }, 50)
  }, Number(process.argv[1]))
`

/** Sends some datagrams. */
export async function send(from: Host, count = 1): Promise<void> {
  await from.run(process.execPath, ['-e', burst, String(count)])
}

/** Sends some datagrams to a host, and resolves when its stack has got them all: then every program on the way has run. */
export async function deliver(from: Host, to: Host, count = 1): Promise<void> {
  const before = await received(to)
  await send(from, count)
  await vi.waitFor(async () => {
    const { packets } = await received(to)
    if (packets < before.packets + count) throw new Error(`${packets - before.packets} of ${count} packets came`)
  }, 20_000)
}

/** Sends a stream of datagrams, and resolves to how many when it is over. */
export async function stream(from: Host, milliseconds: number): Promise<number> {
  const { stdout } = await from.run(process.execPath, ['-e', flow, String(milliseconds)])
  return Number(stdout)
}

/** Frames that eth0 has received, and IP packets that went on to the stack. */
export async function received(host: Host): Promise<{ frames: number; packets: number }> {
  // The link /proc/net leads to the network namespace of whoever follows it.
  const { stdout } = await host.run('cat', ['/proc/net/dev', '/proc/net/snmp'])
  const frames = /eth0: *\d+ +(\d+)/.exec(stdout)?.[1]
  // Ip: Forwarding DefaultTTL InReceives ...
  const packets = /^Ip: \d+ \d+ (\d+)/m.exec(stdout)?.[1]
  return { frames: Number(frames), packets: Number(packets) }
}

/** Sends datagrams until its standard input ends, and prints a line when it has begun. */
const river = `
  const socket = require('node:dgram').createSocket('udp4')
  socket.send('x', ${PORT}, '${FAR}', () => console.log('begun'))
  const timer = setInterval(() => { for (let i = 0; i < 10; i++) socket.send('x', ${PORT}, '${FAR}') }, 2)
  process.stdin.resume().on('end', () => { clearInterval(timer); setTimeout(() => process.exit(), 50) })
`

/** Sends datagrams until it is stopped. */
export async function flood(from: Host): Promise<{ stop(): Promise<void> }> {
  const child = from.spawn(process.execPath, ['-e', river], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout !== null) await once(child.stdout, 'data')
  return {
    async stop() {
      const ended = once(child, 'exit')
      child.stdin?.end()
      await ended
    },
  }
}

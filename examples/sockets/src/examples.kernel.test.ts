import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connections } from './connections.js'
import { flows } from './flows.js'
import { meter } from './meter.js'
import { onlyTcp } from './only-tcp.js'
import { ownAddress } from './own-address.js'
import { portRange } from './port-range.js'
import { redirect } from './redirect.js'
import { shortcut } from './shortcut.js'
import { splice } from './splice.js'

it('redirect: a service that is nowhere answers, and has the address that was asked for', async () => {
  expect(await redirect()).toEqual({
    tcp: { answer: 'hello from backend', peer: '192.0.2.80:80' },
    udp: { answer: 'hello from backend', peer: '192.0.2.80:53' },
  })
})

it('own-address: a server that binds to every address gets its own, and a low port', async () => {
  const { address, before, after } = await ownAddress()
  expect(before).toEqual({ error: 'EACCES' })
  expect(after).toMatchObject({ address, port: 80 })
})

it('meter: packets are counted, and one port is closed', async () => {
  const { tcp, open, closed, received, sent } = await meter()
  expect(tcp).toMatchObject({ answer: 'hello from server' })
  expect(open).toMatchObject({ answer: 'hello from server' })
  expect(closed).toEqual({ error: 'EPERM' })
  // SYN, ACK and one datagram at least; and what TCP and UDP carry with their headers.
  expect(sent.packets).toBeGreaterThanOrEqual(3)
  expect(received.bytes).toBeGreaterThan(2 * 'hello from server'.length)
})

it('only-tcp: other sockets are refused', async () => {
  expect(await onlyTcp()).toEqual({
    tcp: expect.objectContaining({ answer: 'hello from server' }),
    udp: { error: 'EPERM' },
    refused: 1,
  })
})

it('connections: each is told of', async () => {
  const { server, calls, seen } = await connections()
  expect(calls).toHaveLength(2)
  expect(seen).toEqual([
    { to: server, outgoing: true },
    { to: server, outgoing: true },
  ])
})

it('port-range: one listener has many ports', async () => {
  expect(await portRange()).toEqual({
    inside: ['hello from the only listener', 'hello from the only listener'],
    outside: 'ECONNREFUSED',
  })
})

it('flows: one host is one flow', async () => {
  const { hashes, dissected, senders } = await flows()
  expect(hashes.before).toBeGreaterThan(1)
  expect(hashes.after).toBe(1)
  expect(dissected).toBeGreaterThanOrEqual(senders)
})

it('splice: a proxy carries 64 MB there and back, and reads none of it', async () => {
  const bytes = 64 * 1024 * 1024
  expect(await splice({ bytes })).toEqual({ bytes, intact: true, readByProxy: 0 })
}, 120_000)

it('shortcut: two ends within a control group talk past TCP', async () => {
  const { talk, said, taken } = await shortcut()
  expect(talk).toEqual({ heard: `echo of ${said / 2}` })
  // Of what is said at once, the first may go by TCP: the other end is not in the map yet.
  expect(taken).toBeGreaterThanOrEqual(said - 2)
  expect(taken).toBeLessThanOrEqual(said)
})

describe('the C of each', () => {
  const folder = new URL('../bpf/', import.meta.url)
  it.each(readdirSync(folder))('%s has fewer than 40 lines of code', (name) => {
    const code = readFileSync(new URL(name, folder), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThan(40)
  })
})

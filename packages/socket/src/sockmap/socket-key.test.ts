import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { socketKey } from './socket-key.js'

const ports = { localPort: 40_000, remotePort: 80 }

test('has IPv4 addresses as IPv6, and IPv6 addresses as they are', () => {
  expect(socketKey({ localAddress: '192.0.2.1', remoteAddress: '192.0.2.2', ...ports })).toEqual({
    local: '::ffff:192.0.2.1',
    remote: '::ffff:192.0.2.2',
    ...ports,
  })
  expect(socketKey({ localAddress: '::ffff:192.0.2.1', remoteAddress: '2001:db8::1', ...ports })).toEqual({
    local: '::ffff:192.0.2.1',
    remote: '2001:db8::1',
    ...ports,
  })
  expect(socketKey({ localAddress: 'fe80::1%eth0', remoteAddress: 'fe80::2', ...ports }).local).toBe('fe80::1')
})

test('is of connected sockets only', () => {
  const refused = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'socket' })
  for (const socket of [{}, undefined, null, { localAddress: '192.0.2.1', ...ports }, { remoteAddress: '/run/x' }]) {
    expect(() => socketKey(socket as never)).toThrow(refused)
  }
  expect(() => socketKey({ localAddress: 'localhost', remoteAddress: '192.0.2.2', ...ports })).toThrow(refused)
})

test('says why a socket has none', async () => {
  const server = createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  expect(() => socketKey(socket)).toThrow(/expected a connected socket of IPv4 or IPv6: wait for its 'connect'$/)
  await new Promise((resolve) => socket.once('close', resolve))
  expect(() => socketKey(socket)).toThrow(/expected a connected socket of IPv4 or IPv6: this one was closed$/)
  server.close()
})

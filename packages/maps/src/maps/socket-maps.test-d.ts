import { createSocket } from 'node:dgram'
import { createServer, Socket } from 'node:net'
import { describe, expectTypeOf, test } from 'vitest'
import { ReuseportSockArray, SocketStorage, struct, u64 } from '../index.js'

describe('a SocketStorage', () => {
  const traffic = SocketStorage.create({ name: 'traffic', value: struct({ packets: u64, bytes: u64 }) })
  const socket = new Socket()

  test('has the type of its values', () => {
    expectTypeOf(traffic).toEqualTypeOf<SocketStorage<{ packets: bigint; bytes: bigint }>>()
    expectTypeOf(traffic.get(socket)).toEqualTypeOf<{ packets: bigint; bytes: bigint } | undefined>()
    traffic.set(socket, { packets: 0n, bytes: 0n }, 'create').set(3, { packets: 0n, bytes: 0n })
    // @ts-expect-error: a field is missing
    traffic.set(socket, { packets: 0n })
    // @ts-expect-error: Node.js does not tell the descriptor of a UDP socket
    traffic.get(createSocket('udp4'))
    // @ts-expect-error: there is no way from the map to its sockets
    traffic.entries()
    // @ts-expect-error: there are as many as there are sockets
    SocketStorage.create({ name: 'traffic', value: u64, maxEntries: 1024 })
  })
})

test('a ReuseportSockArray takes sockets, and gives cookies', () => {
  const workers = ReuseportSockArray.create({ name: 'workers', maxEntries: 4 })
  expectTypeOf(workers.get(0)).toEqualTypeOf<bigint | undefined>()
  expectTypeOf([...workers]).toEqualTypeOf<[number, bigint][]>()
  workers.set(0, 3).set(1, createServer(), 'create')
  // @ts-expect-error: a cookie is for reading
  workers.set(0, 1n)
  // @ts-expect-error: what programs may do with sockets cannot be restricted
  ReuseportSockArray.create({ name: 'workers', maxEntries: 4, programAccess: 'read-only' })
})

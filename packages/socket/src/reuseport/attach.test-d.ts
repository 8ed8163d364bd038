import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { Program } from '@millrace/core'
import { expectTypeOf, test } from 'vitest'
import { attachReuseport, detachReuseport } from '../index.js'

declare const choose: Program<'sk_reuseport'>
declare const xdp: Program<'xdp'>

test('takes programs of its kind, and sockets that have a descriptor', () => {
  expectTypeOf(attachReuseport(choose, createServer())).toEqualTypeOf<void>()
  expectTypeOf(detachReuseport(3)).toEqualTypeOf<boolean>()
  // @ts-expect-error an XDP program
  attachReuseport(xdp, 3)
  // @ts-expect-error Node.js does not tell the descriptor of a UDP socket
  attachReuseport(choose, createSocket('udp4'))
})

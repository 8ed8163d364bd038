import { expectTypeOf, it } from 'vitest'
import type { Ipv4Layer, TcpLayer } from './index.js'
import { packet } from './packet.js'
import { parsePacket } from './parse.js'

it('takes the fields of each header, and no others', () => {
  packet().tcp({ syn: true, checksum: 'wrong', options: [{ option: 'mss', value: 1460 }] })
  // @ts-expect-error misspelt
  packet().ipv4({ sorce: '10.0.0.1' })
  // @ts-expect-error a port is a number
  packet().udp({ sourcePort: '53' })
  // @ts-expect-error an MSS has a value
  packet().tcp({ options: [{ option: 'mss' }] })
  // @ts-expect-error where a header stands is not for the builder to say
  packet().ipv4({ offset: 14 })
  // @ts-expect-error of a header that has no such field
  packet().ethernet().change('ethernet', { ttl: 1 })
})

it('gives decoded layers by name', () => {
  const parsed = parsePacket(new Uint8Array())
  expectTypeOf(parsed.get('ipv4')).toEqualTypeOf<Ipv4Layer | undefined>()
  const [layer] = parsed.layers
  if (layer?.layer === 'tcp') expectTypeOf(layer).toEqualTypeOf<TcpLayer>()
  // @ts-expect-error no such layer
  parsed.get('sctp')
})

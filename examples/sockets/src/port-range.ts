import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { load } from '@millrace/core'
import { attachSkLookup } from '@millrace/socket'
import { greetTcp, ownLoopback } from './echo.js'
import { portRange as object } from './generated/port_range.bpf.js'

/** One listener is reached at a thousand ports of an address that it never bound to. */
export async function portRange() {
  const address = ownLoopback(1)
  await using listener = await greetTcp('the only listener')
  using range = await load(object, { constants: { address, firstPort: 2000, lastPort: 2999 } })
  range.maps.listeners.set(0, listener.server)
  using _ = attachSkLookup(range.programs.choose)
  return { inside: [await call(address, 2000), await call(address, 2999)], outside: await call(address, 3000) }
}

/** What the server says, or the error. */
async function call(address: string, port: number): Promise<string> {
  const socket = connect(port, address)
  try {
    await once(socket, 'connect')
    return await text(socket)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { greetTcp } from './echo.js'
import { connections as object } from './generated/connections.bpf.js'
import { Group } from './group.js'
import { callTcp } from './scripts.js'

/** Every TCP connection of a control group is told of as it is established, and gets a socket option that nobody asked for. */
export async function connections() {
  await using server = await greetTcp('server')
  using watch = await load(object, { constants: { patience: 5_000 } })
  await using group = new Group('connections')
  using _ = attachCgroup(watch.programs.connections, group.path)
  const calls = [await group.run(callTcp(server)), await group.run(callTcp(server))]

  const seen: { readonly to: string; readonly outgoing: boolean }[] = []
  for await (const { remote, remotePort, outgoing } of watch.maps.established.events()) {
    seen.push({ to: `${remote}:${remotePort}`, outgoing })
    if (seen.length === calls.length) break
  }
  return { server: `${server.address}:${server.port}`, calls, seen }
}

import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { greetTcp, greetUdp } from './echo.js'
import { onlyTcp as object } from './generated/only_tcp.bpf.js'
import { Group } from './group.js'
import { callTcp, callUdp } from './scripts.js'

/** The processes of a control group get no other sockets than TCP's. */
export async function onlyTcp() {
  await using tcp = await greetTcp('server')
  await using udp = await greetUdp('server')
  using rules = await load(object, { constants: { mark: 7 } })
  await using group = new Group('only-tcp')
  using _ = attachCgroup(rules.programs.sockCreate, group.path)
  const calls = { tcp: await group.run(callTcp(tcp)), udp: await group.run(callUdp(udp)) }
  return { ...calls, refused: Number(rules.variables.refused.get()) }
}

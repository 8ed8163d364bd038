import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { greetTcp, greetUdp } from './echo.js'
import { redirect as object } from './generated/redirect.bpf.js'
import { Group } from './group.js'
import { callTcp, callUdp } from './scripts.js'

/** A service that has an address only for the processes of a control group: whoever calls it reaches a backend. */
export async function redirect() {
  await using tcp = await greetTcp('backend')
  await using udp = await greetUdp('backend')
  const services = { tcp: { address: '192.0.2.80', port: 80 }, udp: { address: '192.0.2.80', port: 53 } }
  using rules = await load(object)
  for (const [service, { address, port }] of [[services.tcp, tcp] as const, [services.udp, udp] as const]) {
    rules.maps.backends.set(service, { address, port })
    rules.maps.services.set({ address, port }, service)
  }

  await using group = new Group('redirect')
  const { connect4, getpeername4, sendmsg4, recvmsg4 } = rules.programs
  using _connect = attachCgroup(connect4, group.path)
  using _getpeername = attachCgroup(getpeername4, group.path)
  using _sendmsg = attachCgroup(sendmsg4, group.path)
  using _recvmsg = attachCgroup(recvmsg4, group.path)
  return { tcp: await group.run(callTcp(services.tcp)), udp: await group.run(callUdp(services.udp)) }
}

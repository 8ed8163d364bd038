import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { greetTcp, greetUdp } from './echo.js'
import { meter as object } from './generated/meter.bpf.js'
import { Group } from './group.js'
import { callTcp, callUdp } from './scripts.js'

/** What a control group sends and receives is counted, and one UDP port is closed to it. */
export async function meter() {
  await using tcp = await greetTcp('server')
  await using open = await greetUdp('server')
  await using closed = await greetUdp('server')
  using meters = await load(object, { constants: { deniedPort: closed.port } })

  await using group = new Group('meter')
  using _ingress = attachCgroup(meters.programs.ingress, group.path)
  using _egress = attachCgroup(meters.programs.egress, group.path)
  const calls = {
    tcp: await group.run(callTcp(tcp)),
    open: await group.run(callUdp(open)),
    closed: await group.run(callUdp(closed)),
  }
  return { ...calls, received: total(meters.maps.received.get(0)), sent: total(meters.maps.sent.get(0)) }
}

/** Of all processors. */
function total(counters: readonly { readonly packets: bigint; readonly bytes: bigint }[] = []) {
  const sum = (field: 'packets' | 'bytes') => counters.reduce((sum, counter) => sum + Number(counter[field]), 0)
  return { packets: sum('packets'), bytes: sum('bytes') }
}

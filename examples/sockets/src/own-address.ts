import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { ownLoopback } from './echo.js'
import { ownAddress as object } from './generated/own_address.bpf.js'
import { Group } from './group.js'
import { listenAsNobody } from './scripts.js'

/** Each control group has an address for its servers, whatever they bind to; and ports below 1024, without a privilege. */
export async function ownAddress() {
  const address = ownLoopback(80)
  using rules = await load(object, { constants: { ownAddress: address } })
  await using group = new Group('own-address')
  const before = await group.run(listenAsNobody(80))
  using _ = attachCgroup(rules.programs.bind4, group.path)
  return { address, before, after: await group.run(listenAsNobody(80)) }
}

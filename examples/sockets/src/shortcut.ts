import { load } from '@millrace/core'
import { attachCgroup, attachSockMap } from '@millrace/socket'
import { shortcut as object } from './generated/shortcut.bpf.js'
import { Group } from './group.js'
import { talkWithin } from './scripts.js'

const ROUNDS = 100

/** Two ends of a connection within a control group talk to each other past TCP: no packet is made of what they say. */
export async function shortcut() {
  using loaded = await load(object)
  const { maps, programs } = loaded
  using _ = attachSockMap(programs.shortcut, maps.sockets)
  await using group = new Group('shortcut')
  using _track = attachCgroup(programs.track, group.path)
  const talk = await group.run(talkWithin(ROUNDS))
  const taken = maps.taken.get(0).reduce((sum, { packets }) => sum + Number(packets), 0)
  return { talk, said: 2 * ROUNDS, taken }
}

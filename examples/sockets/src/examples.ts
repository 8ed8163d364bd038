import { connections } from './connections.js'
import { flows } from './flows.js'
import { meter } from './meter.js'
import { onlyTcp } from './only-tcp.js'
import { ownAddress } from './own-address.js'
import { portRange } from './port-range.js'
import { redirect } from './redirect.js'
import { shortcut } from './shortcut.js'
import { splice } from './splice.js'

/** By the names under which they are run. Each returns what came of it. */
export const examples: Readonly<Record<string, () => Promise<object>>> = {
  redirect,
  'own-address': ownAddress,
  meter,
  'only-tcp': onlyTcp,
  connections,
  'port-range': portRange,
  flows,
  splice,
  shortcut,
}

import { ArgumentError, Program } from '@millrace/core'
import { type Interface, resolveInterface } from '@millrace/core/internal'
import { regain } from './hooks/kinds.js'
import { checkHook, needPin, type PurgeChainOptions } from './options.js'
import { atWork } from './pins/at-work.js'
import { ChainFolder } from './pins/chain-folder.js'
import { claim } from './pins/claim.js'
import { waitForPackets } from './wait-for-packets.js'

/** What {@link TailCallChain.purge} does. */
export async function purgeChain(options: PurgeChainOptions): Promise<void> {
  checkHook('purge', options)
  const path = needPin(options)
  const folder = await claim(() => ChainFolder.open(path))
  if (folder === undefined) return
  try {
    detach(folder, options, unlessGone(options))
    await waitForPackets()
    folder.remove()
  } catch (error) {
    folder.release()
    throw error
  }
}

function detach(folder: ChainFolder, options: PurgeChainOptions, iface: Interface | undefined): void {
  using work = atWork(folder, options, iface)
  if (work === undefined) return
  if (work.link !== undefined) {
    work.link.detach()
  } else if (iface !== undefined) {
    using head = Program.openById(work.head)
    regain(head, options, iface).detach()
  }
}

/** What was on an interface that was deleted, or in a namespace, is gone from there; its pins are not. */
function unlessGone(options: PurgeChainOptions): Interface | undefined {
  try {
    return resolveInterface(options.interface, options.netns)
  } catch (error) {
    if (error instanceof ArgumentError) return undefined
    throw error
  }
}

import { ArgumentError, Program } from '@millrace/core'
import { type Interface, resolveInterface } from '@millrace/core/internal'
import { regain } from './hooks/kinds.js'
import { checkHook, needPin, type PurgeChainOptions } from './options.js'
import { atWork } from './pins/at-work.js'
import { ChainFolder } from './pins/chain-folder.js'
import { claim } from './pins/claim.js'
import { elsewhere } from './pins/noted-place.js'
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
  if (work === undefined) {
    // Without its pins it would not go on from its first stage, and nobody could take that away by its name.
    checkNotElsewhere(folder, options, iface)
    return
  }
  if (work.link !== undefined) {
    work.link.detach()
  } else if (iface !== undefined) {
    using head = Program.openById(work.head)
    regain(head, options, iface).detach()
  }
}

function checkNotElsewhere(folder: ChainFolder, options: PurgeChainOptions, iface: Interface | undefined): void {
  const where = elsewhere(folder, options, iface)
  if (where === undefined) return
  const { hook, interface: name, ...place } = options
  const value = 'direction' in place ? { hook, interface: name, direction: place.direction } : { hook, interface: name }
  throw new ArgumentError({ argument: 'options', value, expected: `the hook that the chain is on: ${where}` })
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

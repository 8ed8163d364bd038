import { load, type Program } from '@millrace/core'
import { checkBoolean, resolveInterface } from '@millrace/core/internal'
import type { ChainFields } from './chain-fields.js'
import { ChainPinnedError } from './errors/index.js'
import type { ChainHook, Hook } from './hooks/hook.js'
import { attachTo, attachTypeOf, endSpec } from './hooks/kinds.js'
import { checkEnd } from './hooks/verdicts.js'
import { type CreateChainOptions, checkBehaviour, checkHook, checkPin } from './options.js'
import { atWork } from './pins/at-work.js'
import { ChainFolder } from './pins/chain-folder.js'
import { claim } from './pins/claim.js'
import { elsewhere, noteOf } from './pins/noted-place.js'

type Options = CreateChainOptions[ChainHook]

/** What {@link TailCallChain.create} makes of its options. */
export async function createChain(options: Options): Promise<ChainFields<ChainHook>> {
  const kind = checkHook('create', options)
  const behaviour = checkBehaviour(options)
  const path = checkPin(options)
  const verdict = checkEnd(kind, options.end)
  const frags = 'frags' in options && options.frags !== undefined ? checkBoolean('options.frags', options.frags) : false
  const iface = resolveInterface(options.interface, options.netns)
  const object = await load(endSpec(kind, frags), { constants: { verdict } })
  const end: Program = object.programs.end
  let folder: ChainFolder | undefined
  try {
    if (path !== undefined) folder = await freshFolder(path, options, iface)
    // Before it is on the hook: where the hook itself keeps the program, this is how it is recognized.
    folder?.notePlace(noteOf(options, iface))
    folder?.pinEnd(end, frags)
    return {
      kind,
      hook: attach(end, options, folder),
      end,
      folder,
      constants: { ...behaviour, missed: verdict },
      attachType: attachTypeOf[kind],
      frags,
      found: [],
      closeEnd: () => object.close(),
    }
  } catch (error) {
    folder?.remove()
    object.close()
    throw error
  }
}

/** An empty folder: what a process has left in it that was killed while it made a chain, or took one down, goes. */
async function freshFolder(path: string, options: Options, iface: Parameters<typeof atWork>[2]): Promise<ChainFolder> {
  const folder = await claim(() => ChainFolder.make(path))
  try {
    using found = atWork(folder, options, iface)
    if (found !== undefined || elsewhere(folder, options, iface) !== undefined) throw new ChainPinnedError({ path })
    folder.clear()
    return folder
  } catch (error) {
    folder.release()
    throw error
  }
}

function attach(end: Program, options: Options, folder: ChainFolder | undefined): Hook {
  const hook = attachTo(end, options)
  try {
    const { link } = hook.attachment
    if (link !== undefined) folder?.pinLink(link)
    return hook
  } catch (error) {
    hook.attachment.detach()
    throw error
  }
}

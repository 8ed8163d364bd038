import { type Link, type Program, RawMap } from '@millrace/core'
import { type Interface, mapOperationError, resolveInterface } from '@millrace/core/internal'
import type { ChainFields } from './chain-fields.js'
import { ChainAdoptError } from './errors/index.js'
import type { ChainHook, Hook } from './hooks/hook.js'
import { attachTypeOf, endSpec, hookOfLink, hookWith, programTypeOf, regain, standsOn } from './hooks/kinds.js'
import { type AdoptChainOptions, checkBehaviour, checkHook, checkStages, needPin } from './options.js'
import { atWork, programIds } from './pins/at-work.js'
import { ChainFolder } from './pins/chain-folder.js'
import { claim } from './pins/claim.js'
import { elsewhere } from './pins/noted-place.js'
import { checkStageProgram } from './stages/check-program.js'
import { Stage } from './stages/stage.js'
import { StageInstance } from './stages/stage-instance.js'
import { waitForPackets } from './wait-for-packets.js'

type Options = AdoptChainOptions<'xdp'> | AdoptChainOptions<'tc'>

/** What {@link TailCallChain.adopt} makes of its options and of what it finds. */
export async function adoptChain(options: Options): Promise<ChainFields<ChainHook>> {
  const kind = checkHook('adopt', options)
  const behaviour = checkBehaviour(options)
  const path = needPin(options)
  if (options.stages !== undefined) checkStages(options.stages)
  const iface = resolveInterface(options.interface, options.netns)
  const folder = await claim(() => ChainFolder.open(path))
  if (folder === undefined) throw new ChainAdoptError({ path, reason: 'nothing is pinned there' })
  try {
    const { missed, ...fields } = take(folder, kind, options, iface)
    await reap(folder, fields)
    return { ...fields, kind, folder, constants: { ...behaviour, missed }, attachType: attachTypeOf[kind] }
  } catch (error) {
    folder.release()
    throw error
  }
}

type Taken = Pick<ChainFields<ChainHook>, 'hook' | 'end' | 'frags' | 'found' | 'closeEnd'> & {
  readonly missed: number
}

function take(folder: ChainFolder, kind: ChainHook, options: Options, iface: Interface): Taken {
  const opened = folder.openEnd()
  if (opened === undefined) throw unfinished(folder, options, iface)
  const { end, frags } = opened
  const found: StageInstance[] = []
  try {
    found.push(...follow(folder, options, iface, end, frags))
    return {
      hook: takeHook(folder, options, iface, found[0]?.program ?? end),
      end,
      frags,
      found,
      missed: verdictOf(end, endSpec(kind, frags).constants.verdict.offset),
      closeEnd: () => end.close(),
    }
  } catch (error) {
    for (const instance of found) instance.close()
    end.close()
    throw error
  }
}

/** The error for a chain without an end: its process was killed before it was on the hook, or its pin was removed. */
function unfinished(folder: ChainFolder, options: Options, iface: Interface): ChainAdoptError {
  const { path } = folder
  using work = atWork(folder, options, iface)
  if (work === undefined)
    return new ChainAdoptError({ path, reason: 'it was not finished: purge it, or create it again' })
  return new ChainAdoptError({ path, reason: 'somebody has removed the pin of its end: purge it, and create it again' })
}

/** From the hook by the slots to the end. What is written down nowhere cannot be wrong. */
function follow(
  folder: ChainFolder,
  options: Options,
  iface: Interface,
  end: Program,
  frags: boolean,
): StageInstance[] {
  const { path } = folder
  using work = atWork(folder, options, iface)
  if (work === undefined) {
    const where = elsewhere(folder, options, iface)
    const reason = where === undefined ? 'it is not on its hook any more: purge it' : `it is on another hook, ${where}`
    throw new ChainAdoptError({ path, reason })
  }
  if (work.link !== undefined) checkPlace(path, work.link, options, iface)
  const folders = programIds(folder)
  const found: StageInstance[] = []
  try {
    let at: number | undefined = work.head
    while (at !== end.id) {
      const instance = at === undefined ? undefined : folders.get(at)
      if (instance === undefined || found.length > folders.size) {
        throw new ChainAdoptError({ path, reason: `somebody has removed pins: it goes on to program ${at ?? 'none'}` })
      }
      const { stage: name, tailCalls } = instance
      const program = programFor(name, options, frags, tailCalls)
      found.push(StageInstance.adopt(new Stage(name, program, { tailCalls }), instance, programTypeOf[options.hook]))
      at = found.at(-1)?.leadsTo()
    }
    return found
  } catch (error) {
    for (const instance of found) instance.close()
    throw error
  }
}

/** What loading the stage once more takes; undefined: nobody has handed it in. */
function programFor(stage: string, options: Options, frags: boolean, tailCalls: number): Program | undefined {
  const { stages = {}, hook } = options
  if (!Object.hasOwn(stages, stage)) return undefined
  const program = stages[stage] as Program
  checkStageProgram(`options.stages.${stage}`, stage, program, { hook, frags }, tailCalls)
  return program
}

function takeHook(folder: ChainFolder, options: Options, iface: Interface, head: Program): Hook {
  const link = folder.openLink()
  if (link !== undefined) return hookOfLink(link, options, iface, head)
  return hookWith(regain(head, options, iface), options, iface)
}

/** A link tells where it is; of namespaces it tells nothing. */
function checkPlace(path: string, link: Link, options: Options, iface: Interface): void {
  const { ifindex } = link.info()
  if (ifindex !== iface.index) {
    const reason = `it is on the interface with index ${ifindex}, and ${iface.name} has ${iface.index}`
    throw new ChainAdoptError({ path, reason })
  }
  if (!standsOn(link, options)) {
    const asked = options.hook === 'tc' ? `tc ${options.direction}` : 'XDP'
    throw new ChainAdoptError({ path, reason: `it is on another hook of ${iface.name} than ${asked}` })
  }
}

/**
 * Removes what is not on the way from the hook to the end, once no packet can be in it: a change that was not finished, or not tidied
 * up after. After that no packet is on another way, either.
 */
async function reap(folder: ChainFolder, { found, end, hook }: Pick<Taken, 'found' | 'end' | 'hook'>): Promise<void> {
  try {
    const live = new Set(found.map(({ path }) => path))
    const stale = folder.instances().filter(({ path }) => !live.has(path))
    await waitForPackets()
    for (const instance of stale) instance.remove()
  } catch (error) {
    hook.attachment.leave()
    for (const instance of found) instance.close()
    end.close()
    throw error
  }
}

/** The constant that the end was loaded with. */
function verdictOf(end: Program, offset: number): number {
  const [id] = end.info().mapIds
  if (id === undefined) throw new TypeError('the end of the chain has no constants')
  using map = RawMap.openById(id)
  const bytes = new Uint8Array(map.valueBufferSize)
  const result = map.lookup(new Uint8Array(map.keySize), bytes)
  if (result < 0) throw mapOperationError(map, 'get', result)
  return new Int32Array(bytes.buffer, offset, 1)[0] ?? 0
}

import { AttachBusyError, Program, RawMap } from '@millrace/core'
import { protocolVersion, readConfig, type SlotConfig } from './config.js'
import { DispatcherVersionError } from './errors/index.js'
import { type OnHook, onHook, type SharedXdpMode } from './hook.js'
import { closeAll, type Member, memberOf } from './member.js'
import { type Place, target } from './place.js'
import { openSet } from './set-pins.js'

/** By this name libxdp knows one, too. */
const dispatcherName = 'xdp_dispatcher'

/** BPF_F_RDONLY_PROG of linux/bpf.h: constants are in a map that programs cannot write. */
const readOnlyForPrograms = 1 << 7

/** The dispatcher of a hook, with its programs opened. */
export interface AttachedSet extends Disposable {
  readonly mode: SharedXdpMode
  readonly dispatcher: Program<'xdp'>
  readonly members: readonly Member[]
}

/**
 * The dispatcher that is on a hook; undefined: the hook is free.
 *
 * @throws AttachBusyError when a program is there that is no dispatcher
 * @throws DispatcherVersionError when it is of another version
 * @throws PinError when its programs are not pinned where they should be
 */
export function attachedSet(place: Place): AttachedSet | undefined {
  const found = onHook(place)
  return found && openAttached(place, found)
}

function openAttached(place: Place, found: OnHook): AttachedSet {
  const program = Program.openById(found.programId)
  try {
    const slots = slotsOf(place, program)
    if (slots === undefined) throw foreign(place, program, found.mode)
    const members = openMembers(place, program.id, slots)
    const close = () => {
      closeAll(members)
      program.close()
    }
    return { mode: found.mode, dispatcher: program.as('xdp'), members, [Symbol.dispose]: close }
  } catch (error) {
    program.close()
    throw error
  }
}

/** How a dispatcher runs its programs; undefined: it is none. */
export function slotsOf(place: Place, program: Program): readonly SlotConfig[] | undefined {
  const { id, name, mapIds } = program.info()
  const [mapId] = mapIds
  if (name !== dispatcherName || mapId === undefined || mapIds.length !== 1) return undefined
  const config = readConfig(constantsOf(mapId))
  if (config === undefined || 'slots' in config) return config?.slots
  throw new DispatcherVersionError({
    target: target(place),
    programId: id,
    version: config.version,
    supported: protocolVersion,
  })
}

/** Of a program that is no dispatcher nothing. */
function constantsOf(mapId: number): Uint8Array {
  using map = RawMap.openById(mapId)
  const isConstants = map.type === 'array' && map.maxEntries === 1 && (map.flags & readOnlyForPrograms) !== 0
  const bytes = new Uint8Array(isConstants ? map.valueSize : 0)
  return isConstants && map.lookup(new Uint8Array(4), bytes) === 0 ? bytes : new Uint8Array()
}

function openMembers(place: Place, dispatcherId: number, slots: readonly SlotConfig[]): Member[] {
  const programs = openSet(place, dispatcherId, slots.length)
  try {
    return slots.flatMap((slot, index) => {
      const program = programs[index]
      return program === undefined ? [] : [memberOf(program, slot)]
    })
  } catch (error) {
    for (const program of programs) program?.close()
    throw error
  }
}

function foreign(place: Place, { id, name }: Program, mode: SharedXdpMode): AttachBusyError {
  return new AttachBusyError({
    target: `${target(place)} (${mode})`,
    holder: { program: { id, name } },
    hint: 'it is no dispatcher, so no program can be put beside it; detach it first, and let it join like the others',
  })
}

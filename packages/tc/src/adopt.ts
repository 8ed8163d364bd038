import { AnchorGoneError, KernelError, type Program, UnexpectedProgramError } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { type AdoptRequest, type AdoptTcOptions, checkAdoptRequest } from './adopt-request.js'
import { AdoptedGrip } from './adopted-grip.js'
import { TcAttachment } from './attachment.js'
import { isSameMark } from './mark.js'
import type { Entry } from './mechanism.js'
import { checkPinnable, inPinFolder } from './pin-folder.js'
import { pinPath, readPins, removePin } from './pins.js'
import { type Placed, place } from './place.js'
import { entriesOn, placeWith } from './site.js'

/** How often to look again when what was found went before it could be taken over. */
const ATTEMPTS = 5

/**
 * Attaches a program under a name, so that it outlives this process; or finds what was attached under this name before, by this
 * process or by one that has ended in whatever way, and puts the program into its place. A program that is to be there for
 * good is always attached by this, at each start: there is never a second one, and while the program is exchanged no packet
 * passes without it.
 *
 * On TCX the link is pinned below `pinRoot`; on clsact the filter stays anyway, and its name is what it is found by. A name is
 * unique for its hook and pin root; what stands there already keeps its place among the others, whatever `order` says. Stale
 * pins below the root, of interfaces that are gone, are removed on the way.
 *
 * `close()` lets go and leaves it attached; `detach()` takes it off the hook and removes the pin.
 *
 * @param iface - name or index
 * @throws PinError when the pin root is not on a bpf filesystem
 * @throws AttachBusyError when another process has been adopting below the same root for ten seconds, or as with {@link attachTc}
 * @throws ArgumentError, AnchorGoneError, UnsupportedKernelError, MissingCapabilityError, InterfaceGoneError, ClosedError as
 * {@link attachTc} does
 * @kernel 5.10; TCX: 6.6
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { adoptTc } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * using attachment = adoptTc(object.programs.classify, 'eth0', { direction: 'ingress', name: 'classifier' })
 * console.log(attachment.adopted ? 'took over from the last run' : 'attached')
 * ```
 */
export function adoptTc(program: Program<'sched_cls'>, iface: string | number, options: AdoptTcOptions): TcAttachment {
  const request = checkAdoptRequest(program, iface, options)
  if (mayBePinned(request)) checkPinnable(request.pinRoot)
  return inPinFolder(request.pinRoot, () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return adopt(request)
      } catch (error) {
        if (!isGone(error) || attempt === ATTEMPTS) throw error
      }
    }
  })
}

/**
 * The order of the steps is what makes it safe to be killed between any two of them: see docs/decisions/0011-adoption.md.
 */
function adopt(request: AdoptRequest): TcAttachment {
  const { site, mark, mechanism, pinRoot } = request
  for (const { path, ifindex } of readPins(pinRoot)) if (ifindex === 0) removePin(path)
  const own = entriesOn(site).filter((entry) => isSameMark(entry.mark, mark))
  const kept = own.find((entry) => mechanism === 'auto' || entry.mechanism === mechanism)
  const placed = kept === undefined ? attachForGood(request) : takePlace(request, kept)
  for (const entry of own) if (entry !== kept) remove(request, entry)
  return new TcAttachment({
    site,
    grip: new AdoptedGrip(placed.grip),
    reason: placed.reason,
    name: mark.name,
    adopted: kept !== undefined,
  })
}

function takePlace({ site, program, mechanism }: AdoptRequest, entry: Entry): Placed {
  const grip = placeWith(site, entry).grip(entry)
  try {
    grip.update(program, undefined)
  } catch (error) {
    grip.close()
    throw error
  }
  const better = mechanism === 'auto' && entry.mechanism !== site.places[0]?.mechanism
  return { grip, reason: better ? `${entry.mark?.name} was found on ${entry.mechanism}` : undefined }
}

function attachForGood(request: AdoptRequest): Placed {
  const { site, pinRoot, mark, direction } = request
  const placed = place(site, request)
  const { link } = placed.grip
  if (link === undefined) return placed
  try {
    link.pin(pinPath(pinRoot, mark.name, direction, site.hook.interface.index, link.id))
    return placed
  } catch (error) {
    placed.grip.close()
    throw error
  }
}

/** Before anything is attached that then could not be pinned. */
function mayBePinned({ mechanism, site: { places } }: AdoptRequest): boolean {
  const tcx = places.find((it) => it.mechanism === 'tcx')
  return mechanism !== 'clsact' && tcx !== undefined && 'entries' in tcx.list()
}

/** A second one under the same name, or one of the mechanism that is not wanted any more. */
function remove({ site }: AdoptRequest, entry: Entry): void {
  new AdoptedGrip(placeWith(site, entry).grip(entry)).detach()
}

/** Somebody has removed or exchanged what was found, or what was to be the anchor. */
function isGone(error: unknown): boolean {
  if (error instanceof KernelError) return error.errno === errno.ENOLINK
  return error instanceof AnchorGoneError || error instanceof UnexpectedProgramError
}

import { AttachBusyError, type Program } from '@millrace/core'
import { reapVanished } from './abandoned.js'
import { type Changed, change, dismantle } from './change.js'
import type { SlotConfig } from './config.js'
import { type Extension, loadExtension } from './extension.js'
import { goOnMask } from './go-on.js'
import { locked } from './lock.js'
import { memberOf } from './member.js'
import { checkJoin, type JoinRequest, type JoinXdpOptions, takesFragments } from './options.js'
import { type Place, target } from './place.js'
import { letGo, lockRecord, ownSlot, slotRecords } from './records.js'
import { XdpSlot } from './slot.js'

/**
 * Puts a program on an interface beside those of others, who need not know of it: of other processes, and of libxdp (`xdp-loader`).
 * They run one after the other, by priority; a program ends the run with a verdict that is not among its `goOn`, and after the last one
 * the packet passes.
 *
 * Every change is one step for packets: each meets all programs of before or all of after. With an error nothing was changed.
 *
 * The program is loaded once more for it, with the same maps, so it must have been loaded by this process, and needs BTF (clang
 * `-g`) and the return type `int`. Once it is in its slot the object may be closed.
 *
 * @param iface - name or index
 * @throws ArgumentError when there is no such interface or namespace, or the program is of another type
 * @throws AttachBusyError when a program is there that is no dispatcher, or a live process has the slot of this name
 * @throws DispatcherFullError when ten programs are there
 * @throws DispatcherVersionError when the dispatcher there is of another version of the protocol
 * @throws UnsupportedKernelError when the kernel cannot replace functions, or takes no tail calls from a slot; it says why
 * @throws VerifierError when the program cannot be loaded in this form
 * @throws XdpRefusedError when the driver does not take the dispatcher
 * @throws PinError when there is no bpf filesystem, or the pins of the dispatcher there are elsewhere
 * @throws MissingCapabilityError, ClosedError
 * @kernel 5.10 on x86-64, 6.0 on arm64; built with BTF and a JIT compiler
 * @see https://github.com/xdp-project/xdp-tools/blob/main/lib/libxdp/protocol.org
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { joinXdp } from '@millrace/dispatcher'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * using slot = await joinXdp(fw.programs.firewall, 'eth0', { priority: 10, goOn: ['pass'] })
 * console.log(slot.mode)
 * ```
 */
export async function joinXdp(
  program: Program<'xdp'>,
  iface: string | number,
  options: JoinXdpOptions = {},
): Promise<XdpSlot> {
  const request = checkJoin(program, iface, options)
  const { place, signal, priority, goOn } = request
  const extension = loadExtension(program)
  try {
    const config = { priority, goOn: goOnMask(goOn), frags: takesFragments(program) }
    const { slot, changed } = await locked(place, signal, () => enter(request, extension, config))
    await dismantle(place, changed)
    return slot
  } catch (error) {
    extension.close()
    throw error
  }
}

function enter(
  { place, mode, name }: JoinRequest,
  extension: Extension,
  config: SlotConfig,
): { slot: XdpSlot; changed: Changed } {
  const member = memberOf(extension.program, config)
  reapVanished(place)
  if (name !== undefined) checkNameIsFree(place, name)
  const record = ownSlot(place, member.id, name)
  try {
    const changed = change(
      place,
      mode,
      (members) => [...members, member],
      (it) => it === name,
    )
    // With a program in it, it has a mode.
    return {
      slot: new XdpSlot({ place, mode: changed.mode ?? 'generic', name }, { extension, member, record }),
      changed,
    }
  } catch (error) {
    letGo(record, 'remove')
    throw error
  }
}

/** A slot of this name whose owner has ended is taken over. */
function checkNameIsFree(place: Place, name: string): void {
  for (const record of slotRecords(place)) {
    if (record.ifindex !== place.iface.index || record.name !== name) continue
    const lock = lockRecord(record.path)
    if (lock === undefined) {
      throw new AttachBusyError({
        target: `slot ${name} of ${target(place)}`,
        holder: { program: { id: record.programId } },
        hint: 'the process that has joined by this name is still there',
      })
    }
    letGo({ path: record.path, lock }, 'keep')
  }
}

import { existsSync } from 'node:fs'
import { checkOptions, listInterfaces, resolveNetns } from '@millrace/core/internal'
import { inPinFolder, removePinFolder } from './pin-folder.js'
import { checkPinRoot, DEFAULT_PIN_ROOT, folderOf } from './pins.js'
import { purgeClsact } from './purge-clsact.js'
import { purgePins } from './purge-pins.js'
import type { PurgedTc } from './purged.js'

/** Options of {@link purgeTc}. */
export interface PurgeTcOptions {
  /** whose pins and filters; default `/sys/fs/bpf/millrace`, as with {@link adoptTc} */
  readonly pinRoot?: string | undefined
  /**
   * only what is in this network namespace: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them. Without it,
   * everything below the pin root, wherever it is attached, and the filters in the namespace of this process
   */
  readonly netns?: string | undefined
}

/**
 * Removes all that {@link adoptTc} and {@link attachTc} have left behind: pins and their links, clsact filters, qdiscs that they made
 * and nobody else uses. What bears no mark of Millrace, or one of another pin root, is not touched. It does not ask whether a
 * process still uses what it removes: end those first.
 *
 * @returns what it has removed; empty when there was nothing
 * @throws ArgumentError when there is no such namespace
 * @throws AttachBusyError when another process has been adopting below the same root for ten seconds
 * @throws MissingCapabilityError, KernelError
 * @kernel 5.10
 *
 * @example
 * ```ts
 * import { purgeTc } from '@millrace/tc'
 *
 * for (const { what, interface: name, direction } of purgeTc()) console.log(`removed ${what} of ${name} ${direction ?? ''}`)
 * ```
 */
export function purgeTc(options: PurgeTcOptions = {}): PurgedTc[] {
  checkOptions('options', options, ['pinRoot', 'netns'])
  const { pinRoot: root = DEFAULT_PIN_ROOT, netns } = options
  const pinRoot = checkPinRoot(root)
  const interfaces = listInterfaces(resolveNetns(netns))
  const everywhere = netns === undefined
  const filters = () => interfaces.flatMap((iface) => purgeClsact(iface, pinRoot))
  // A folder is not made only to be locked.
  if (!existsSync(folderOf(pinRoot))) return filters()
  return inPinFolder(pinRoot, () => {
    const purged = [...purgePins(pinRoot, interfaces, everywhere), ...filters()]
    removePinFolder(pinRoot)
    return purged
  })
}

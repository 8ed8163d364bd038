import { ClosedError, InterfaceGoneError, type Program, type ProgramIdentity } from '@millrace/core'
import { checkOptions, checkSignal } from '@millrace/core/internal'
import type { XdpActionName } from '@millrace/xdp'
import { takeOutOfVanished } from './abandoned.js'
import { type Changed, change, dismantle } from './change.js'
import { SlotGoneError } from './errors/index.js'
import { type Extension, loadExtension } from './extension.js'
import { goOnNames } from './go-on.js'
import type { SharedXdpMode } from './hook.js'
import { locked, lockedNow } from './lock.js'
import { type Member, memberOf } from './member.js'
import { checkProgram, checkSlotOptions, type SlotOptions, takesFragments } from './options.js'
import { type Place, target } from './place.js'
import { programsOn, type SharedProgram } from './query.js'
import { letGo, type OwnRecord, ownSlot } from './records.js'

/** What an owner holds of a program in its slot. */
interface Held {
  readonly extension: Extension
  readonly member: Member
  readonly record: OwnRecord
}

/** What stays the same in a slot. */
interface SlotFields {
  readonly place: Place
  readonly mode: SharedXdpMode
  readonly name: string | undefined
}

/** Options of {@link XdpSlot.update}. */
export interface UpdateSlotOptions {
  /** stops it, as long as nothing has changed */
  readonly signal?: AbortSignal | undefined
}

/**
 * A program among others on an interface, as {@link joinXdp} put it there. `close()`, or leaving the scope of `using`, takes it out,
 * unless the slot has a name: then the program stays for the next process that joins by that name. Should the process end
 * without closing it, then a program without a name runs on until somebody joins, changes or leaves the interface with Millrace,
 * who takes it out; nobody's but Millrace's own are ever taken out.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { joinXdp } from '@millrace/dispatcher'
 * import { firewall } from './firewall.bpf.js'
 *
 * using v1 = await load(firewall)
 * using v2 = await load(firewall)
 * using slot = await joinXdp(v1.programs.firewall, 'eth0', { priority: 10 })
 * await slot.update(v2.programs.firewall)      // atomic: no packet goes unfiltered
 * await slot.configure({ priority: 60 })
 * ```
 */
export class XdpSlot implements Disposable {
  /** name of the interface when it was joined */
  readonly interface: string
  readonly ifindex: number
  /** the mode in which all programs of the interface run */
  readonly mode: SharedXdpMode
  /** undefined: the slot ends with its owner */
  readonly name: string | undefined
  readonly #place: Place
  #held: Held
  #closed = false

  /** @internal Takes over what is held. */
  constructor({ place, mode, name }: SlotFields, held: Held) {
    this.interface = place.iface.name
    this.ifindex = place.iface.index
    this.mode = mode
    this.name = name
    this.#place = place
    this.#held = held
  }

  /** The program as it runs here: with an id of its own, for it was loaded once more. */
  get program(): ProgramIdentity {
    return { id: this.#held.member.id, name: this.#held.member.name }
  }

  /** Programs of lower priority run first. */
  get priority(): number {
    return this.#held.member.priority
  }

  /** The verdicts after which the next program runs. */
  get goOn(): readonly XdpActionName[] {
    return goOnNames(this.#held.member.goOn)
  }

  /**
   * Puts another program in the place of this slot's. It is atomic: every packet is seen by the old program or by the new one, and none
   * by neither.
   *
   * @throws SlotGoneError when somebody else has taken the program out; nothing was changed, as with every error
   * @throws InterfaceGoneError when the interface was deleted
   * @throws VerifierError, XdpRefusedError, AttachBusyError, ArgumentError, ClosedError
   */
  async update(program: Program<'xdp'>, options: UpdateSlotOptions = {}): Promise<void> {
    this.#checkOpen()
    checkProgram('program', program)
    checkOptions('options', options, ['signal'])
    const signal = checkSignal('options.signal', options.signal)
    const extension = loadExtension(program)
    try {
      const changed = await locked(this.#place, signal, () => this.#replace(extension, takesFragments(program)))
      await dismantle(this.#place, changed)
    } catch (error) {
      extension.close()
      throw error
    }
  }

  /**
   * Changes the priority, or the verdicts after which the next program runs; what is left out stays. As atomic as
   * {@link XdpSlot.update}.
   *
   * @throws SlotGoneError, InterfaceGoneError, ArgumentError, ClosedError
   */
  async configure(options: SlotOptions): Promise<void> {
    this.#checkOpen()
    const wanted = checkSlotOptions(options)
    const changed = await locked(this.#place, undefined, () => {
      this.#checkOpen()
      const member = { ...this.#held.member, ...wanted }
      const done = this.#exchange(member)
      this.#held = { ...this.#held, member }
      return done
    })
    await dismantle(this.#place, changed)
  }

  /** The program as it stands among the others; undefined: somebody else has taken it out. */
  query(): SharedProgram | undefined {
    this.#checkOpen()
    return programsOn(this.#place)?.programs.find(({ id }) => id === this.#held.member.id)
  }

  /**
   * Takes the program out, also from a slot that has a name, and closes this. Packets do without it as soon as the call returns; the
   * promise is fulfilled when everything is tidied up.
   *
   * @throws ClosedError
   */
  async leave(): Promise<void> {
    this.#checkOpen()
    const changed = await locked(this.#place, undefined, () => {
      this.#checkOpen()
      return this.#takeOut()
    })
    await dismantle(this.#place, changed)
  }

  /** Takes the program out, unless the slot has a name. What is no longer needed is tidied up in the background. Twice is harmless. */
  close(): void {
    if (this.#closed) return
    if (this.name === undefined) this.#leaveNow()
    else this.#release('keep')
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #leaveNow(): void {
    try {
      const changed = lockedNow(this.#place, () => this.#takeOut())
      void dismantle(this.#place, changed)
    } finally {
      // With an error it is left to whoever comes next.
      if (!this.#closed) this.#release('keep')
    }
  }

  #replace(extension: Extension, frags: boolean): Changed {
    this.#checkOpen()
    const { priority, goOn } = this.#held.member
    const member = memberOf(extension.program, { priority, goOn, frags })
    const record = ownSlot(this.#place, member.id, this.name)
    try {
      const changed = this.#exchange(member)
      letGoOf(this.#held, 'remove')
      this.#held = { extension, member, record }
      return changed
    } catch (error) {
      letGo(record, 'remove')
      throw error
    }
  }

  #exchange(next: Member): Changed {
    const { id, name } = this.#held.member
    return change(this.#place, 'auto', (members) => {
      if (members.some((it) => it.id === id)) {
        return members.map((it) =>
          it.id === id ? { ...next, program: it.id === next.id ? it.program : next.program } : it,
        )
      }
      throw new SlotGoneError({ target: target(this.#place), program: { id, name } })
    })
  }

  #takeOut(): Changed {
    const { id } = this.#held.member
    try {
      const changed = change(this.#place, 'auto', (members) => members.filter((it) => it.id !== id))
      this.#release('remove')
      return changed
    } catch (error) {
      if (!(error instanceof InterfaceGoneError)) throw error
      takeOutOfVanished(this.#place, this.ifindex, id)
      this.#release('remove')
      return { mode: undefined, stale: [] }
    }
  }

  #release(how: 'keep' | 'remove'): void {
    this.#closed = true
    letGoOf(this.#held, how)
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'XDP slot', name: this.name ?? this.interface })
  }
}

function letGoOf({ extension, record }: Held, how: 'keep' | 'remove'): void {
  extension.close()
  letGo(record, how)
}

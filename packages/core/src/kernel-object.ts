import { inspect } from 'node:util'
import { type Binding, type Handle, nativeBinding, type ObjectKind } from './binding.js'
import { needsToInspect } from './capabilities.js'
import { checkInteger } from './check.js'
import { markCopy } from './copy.js'
import { errno } from './errno.js'
import { ClosedError } from './errors/index.js'
import { type Attempt, explain } from './explain.js'
import { closedInTime, watchForLeak } from './leak-watch.js'
import { pin, unpin } from './pin.js'

/** What a map, a program or a link is made of. */
export interface KernelObjectFields {
  readonly handle: Handle
  readonly name: string
  readonly pinPath?: string | undefined
  /** the loaded object that this is a part of: it closes its parts, and warns for them */
  readonly owner?: object | undefined
}

/**
 * What maps, programs and links have in common: a descriptor that is owned until `close()`, and a pin that keeps the kernel
 * object alive without one.
 *
 * @example
 * ```ts
 * import { type KernelObject, Program, RawMap } from '@millrace/core'
 *
 * const describe = ({ id, name, pinPath }: KernelObject) => `${name} (id ${id}), pinned at ${pinPath}`
 * using map = RawMap.open('/sys/fs/bpf/flows')
 * using program = Program.open('/sys/fs/bpf/firewall')
 * console.log(describe(map), describe(program))
 * ```
 */
export abstract class KernelObject implements Disposable {
  static {
    markCopy(KernelObject.prototype)
    // `console.log` would print the addon's functions. Not a member: its type is Node's.
    Object.defineProperty(KernelObject.prototype, inspect.custom, {
      value(this: KernelObject): string {
        return `${this.kind} ${this.name} (${this.closed ? `${this.type}, closed` : this.type})`
      },
    })
  }

  /** In the native addon's table. Stays the same after `close()`, and is refused from then on. */
  readonly handle: Handle
  readonly name: string
  /** As bpftool prints it. */
  abstract readonly type: string
  protected readonly kind: ObjectKind
  protected readonly native: Binding
  /** Held so that the parts of a loaded object and the object itself are collected together, or not at all. */
  protected readonly owner: object | undefined
  #id: number | undefined
  #pinPath: string | undefined
  #closed = false

  /** @internal */
  constructor(kind: ObjectKind, { handle, name, pinPath, owner }: KernelObjectFields) {
    this.kind = kind
    this.handle = handle
    this.name = name
    this.native = nativeBinding()
    this.owner = owner
    this.#pinPath = pinPath
    if (owner === undefined) watchForLeak(this, kind, name)
  }

  /** What the kernel says of the object. */
  abstract info(): { readonly id: number }

  /** Of the kernel, unique among those of this kind. */
  get id(): number {
    this.#id ??= this.info().id
    return this.#id
  }

  /** Where it was pinned last, or opened from; undefined: not known to be pinned. */
  get pinPath(): string | undefined {
    return this.#pinPath
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /**
   * Pins the kernel object to a path on a bpf filesystem: it then outlives this process.
   *
   * @throws PinError when the path is taken, its folder is missing, or is on no bpf filesystem
   * @throws ClosedError
   */
  pin(path: string): void {
    this.checkOpen()
    pin(this.native, this.kind, this.handle, path)
    this.#pinPath = path
  }

  /**
   * Removes a pin of this kernel object, the last known one unless a path is given. The object lives on while it is open,
   * attached or pinned elsewhere.
   *
   * @throws PinError when there is no pin, or it belongs to another object
   */
  unpin(path: string | undefined = this.#pinPath): void {
    this.checkOpen()
    unpin(this.native, this.kind, this.id, path)
    if (path === this.#pinPath) this.#pinPath = undefined
  }

  /**
   * Gives the descriptor back. A second call does nothing. Whatever is attached or pinned stays in the kernel; what is
   * neither goes, and a program array empties when nobody holds it open or pinned any more, also while programs use it.
   */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.owner === undefined) closedInTime(this)
    this.native.close(this.handle)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  protected checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: this.kind, name: this.name })
  }

  /** Turns a refused call into the error for it. */
  protected refuse(attempt: Attempt): never {
    if (this.#closed || attempt.errno === errno.EBADF) throw new ClosedError({ what: this.kind, name: this.name })
    throw explain(attempt)
  }
}

/** A handle on an object of the system, by its id. */
export function openById(kind: ObjectKind, id: number): Handle {
  checkInteger('id', id, 1, 0xffff_ffff)
  const handle = nativeBinding().openById(kind, id)
  if (typeof handle === 'number') return handle
  throw explain({ operation: `open ${kind} ${id}`, errno: handle.errno, needs: needsToInspect })
}

/** What `read` says of a handle that was just opened, which is closed when it throws. */
export function orClose<T>(handle: Handle, read: (handle: Handle) => T): T {
  try {
    return read(handle)
  } catch (error) {
    nativeBinding().close(handle)
    throw error
  }
}

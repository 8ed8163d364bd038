import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ArgumentError, type LoadedObject, load } from '@millrace/core'
import { SocketRefusedError } from '@millrace/maps'
import { attachSockMap, type SocketKey, type SockMapAttachment, socketKey } from '@millrace/socket'
import { splice } from './generated/splice.bpf.js'

/**
 * Joins TCP connections in pairs: from then on the kernel carries what comes, and this process learns of their ends only, which it
 * passes on.
 */
export class Splicer implements Disposable {
  readonly #object: LoadedObject<typeof splice>
  readonly #attachment: SockMapAttachment

  private constructor(object: LoadedObject<typeof splice>) {
    this.#object = object
    this.#attachment = attachSockMap(object.programs.splice, object.maps.spliced)
  }

  static async create(): Promise<Splicer> {
    return new Splicer(await load(splice))
  }

  /**
   * Both were made with `allowHalfOpen`, and have nothing left to write. What came to them before goes with what comes next: join
   * them before either has a reason to wait for an answer. When the peer of one has reset its connection by now, both are closed.
   */
  join(one: Socket, other: Socket): void {
    const keys: SocketKey[] = []
    try {
      keys.push(socketKey(one), socketKey(other))
      this.#splice(one, other, keys as [SocketKey, SocketKey])
    } catch (error) {
      for (const key of keys) this.#forget(key)
      one.destroy()
      other.destroy()
      // Of a connection that is no more there is no key, and the kernel takes no such socket.
      if (!(error instanceof ArgumentError || error instanceof SocketRefusedError)) throw error
    }
  }

  #splice(one: Socket, other: Socket, [key, otherKey]: readonly [SocketKey, SocketKey]): void {
    const { next, moved, spliced } = this.#object.maps
    next.set(key, other).set(otherKey, one)
    moved.set(key, 0n).set(otherKey, 0n)
    const [start, otherStart] = [this.#position(key), this.#position(otherKey)]
    // From here on both have where to go.
    spliced.set(key, one).set(otherKey, other)
    this.#passOn(one, key, other, start)
    this.#passOn(other, otherKey, one, otherStart)
  }

  close(): void {
    this.#attachment.close()
    this.#object.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #passOn(from: Socket, key: SocketKey, to: Socket, start: number | undefined): void {
    from.resume()
    from.once('end', async () => {
      // `from` may be closed by then: it is `to` that has something to do.
      while (!this.#isThrough(key, start)) await sleep(1)
      this.#forget(key)
      to.end()
    })
    from.once('close', (failed) => {
      if (from.readableEnded && !failed) return
      this.#forget(key)
      to.destroy()
    })
    // Before it is closed.
    from.on('error', () => {})
  }

  #forget(key: SocketKey): void {
    if (!this.#object.closed) this.#object.maps.moved.delete(key)
  }

  /** An end overtakes what was redirected before it: whether all of that has become the other socket's to send. */
  #isThrough(key: SocketKey, start = 0): boolean {
    if (this.#object.closed) return true
    const position = this.#position(key)
    const bytes = this.#object.maps.moved.get(key)
    if (position === undefined || bytes === undefined) return true
    return BigInt.asUintN(32, BigInt(start) + bytes) === BigInt(position)
  }

  /** Of the socket that the one with this key hands on to; undefined when it is closed. */
  #position(key: SocketKey): number | undefined {
    const { programs, variables } = this.#object
    variables.asked.set(key)
    const { returnValue } = programs.ask.testRun({ data: new Uint8Array(64) })
    return returnValue === 0 ? undefined : variables.position.get()
  }
}

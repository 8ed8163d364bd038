import { checkInteger, errno, mapOperationError } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { SocketTable } from './socket-table.js'

/** What the maps have in common whose sockets stand at indexes. */
export abstract class SocketArray extends SocketTable<number> {
  /** Indexes that have a socket, in order. Throws as `get` does. */
  override *keys(): IterableIterator<number> {
    for (const [index] of this.entries()) yield index
  }

  protected override encodeKey(index: number, operation: string): Uint8Array {
    checkInteger('index', index, 0, 0xffff_ffff)
    // The kernel's answers differ, and some are those of an empty index.
    if (index >= this.maxEntries) throw mapOperationError(this.raw, operation, errno.E2BIG)
    return indexBytes(index)
  }

  protected override decodeKey(bytes: Uint8Array): number {
    return new DataView(bytes.buffer).getUint32(0, true)
  }

  protected override *keyBytes(): Iterable<Uint8Array> {
    for (let index = 0; index < this.maxEntries; index++) yield indexBytes(index)
  }
}

function indexBytes(index: number): Uint8Array {
  const bytes = new Uint8Array(u32.size)
  new DataView(bytes.buffer).setUint32(0, index, true)
  return bytes
}

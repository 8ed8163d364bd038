import type { PseudoHeader } from '../checksum.js'
import type { LayerName, LayerSpec } from './index.js'

/** Where a decoded layer stands. */
export interface LayerPosition {
  /** bytes from the start of the packet */
  readonly offset: number
  /** bytes of the header, options included; of a payload, all of it */
  readonly size: number
}

/** The fields of a decoded layer that a builder takes: all of them optional, what is left out gets its usual value. */
export type Fields<L extends LayerPosition> = {
  readonly [Name in Exclude<keyof L, 'layer' | 'offset' | 'size' | 'checksum' | 'checksumValid'>]?: L[Name] | undefined
}

/** What a header has to know of its surroundings to be written. */
export interface EncodeContext {
  /** all bytes after this header */
  readonly payload: Uint8Array
  /** the layers that made them, the next one first */
  readonly following: readonly LayerSpec[]
  /** of the nearest IP header before it */
  readonly ip: PseudoHeader | undefined
}

export interface DecodeContext {
  /** the whole packet */
  readonly bytes: Uint8Array
  readonly view: DataView
  /** where the header starts */
  readonly offset: number
  /** where what the enclosing header spans ends, or the packet does */
  readonly end: number
  readonly ip: PseudoHeader | undefined
  /** everything that the checksum spans is there: no fragment, and nothing cut off */
  readonly whole: boolean
}

/** A header, and how to go on after it. */
export interface Decoded<L extends LayerPosition> {
  readonly layer: L
  /** of the layer that follows; plain payload when undefined */
  readonly next?: LayerName | undefined
  /** where what this header spans ends, which may be beyond what is there */
  readonly end?: number | undefined
  readonly ip?: PseudoHeader | undefined
  /** what follows is a piece of something larger */
  readonly fragment?: boolean | undefined
}

export interface LayerCodec<F, L extends LayerPosition> {
  /** The header alone. Throws {@link ArgumentError}. */
  encode(fields: F, context: EncodeContext): Uint8Array
  /** undefined when the header is cut off */
  decode(context: DecodeContext): Decoded<L> | undefined
}

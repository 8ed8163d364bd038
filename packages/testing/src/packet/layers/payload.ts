import type { DecodeContext, Decoded, LayerCodec, LayerPosition } from './layer.js'

/** Bytes that are no header: what an application sent, or what the parser does not know. */
export interface PayloadLayer extends LayerPosition {
  readonly layer: 'payload'
  readonly bytes: Uint8Array
}

/** Bytes after the end of what the IP header spans, such as the padding of short Ethernet frames. No length counts them. */
export interface TrailerLayer extends LayerPosition {
  readonly layer: 'trailer'
  readonly bytes: Uint8Array
}

/** Takes whatever is there: it is never cut off. */
interface BytesCodec<L extends LayerPosition> extends LayerCodec<{ readonly bytes: Uint8Array }, L> {
  decode(context: Pick<DecodeContext, 'bytes' | 'offset' | 'end'>): Decoded<L>
}

export const payload: BytesCodec<PayloadLayer> = {
  encode: ({ bytes }) => bytes,
  decode: ({ bytes, offset, end }) => ({
    layer: { layer: 'payload', offset, size: end - offset, bytes: bytes.slice(offset, end) },
  }),
}

export const trailer: BytesCodec<TrailerLayer> = {
  encode: ({ bytes }) => bytes,
  decode: ({ bytes, offset, end }) => ({
    layer: { layer: 'trailer', offset, size: end - offset, bytes: bytes.slice(offset, end) },
  }),
}

/** One option of a block: a code and its value. */
export type BlockOption = readonly [code: number, value: Uint8Array]

/** A block of a pcapng file: its length stands before and after the body, and everything is padded to 32 bits. */
export function block(type: number, body: Uint8Array, options: readonly BlockOption[]): Uint8Array {
  const written = options.map(([code, value]) => option(code, value))
  const end = written.length > 0 ? [new Uint8Array(4)] : []
  const parts = [padded(body), ...written, ...end]
  const length = 12 + parts.reduce((total, part) => total + part.length, 0)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  let offset = 8
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  view.setUint32(offset, length, true)
  return bytes
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padding(value.length))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, code, true)
  view.setUint16(2, value.length, true)
  bytes.set(value, 4)
  return bytes
}

function padded(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(padding(body.length))
  bytes.set(body)
  return bytes
}

const padding = (length: number) => Math.ceil(length / 4) * 4

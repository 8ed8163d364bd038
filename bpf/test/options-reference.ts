/** What `mr_parse_tcp_options` of millrace/tcp.h must find, up to where a length is wrong. */
export interface TcpOptionsSummary {
  malformed: boolean
  mss?: number
  windowScale?: number
  sackPermitted?: boolean
  timestamps?: readonly [value: number, echo: number]
}

/** Reads the options of TCP and IPv4, which are alike: each with its kind and what is behind its length. */
export function splitOptions(bytes: Uint8Array): {
  readonly options: readonly (readonly [kind: number, data: Uint8Array])[]
  readonly malformed: boolean
} {
  const options: [number, Uint8Array][] = []
  for (let rest = bytes; rest.length > 0; ) {
    const [kind = 0, size = 0] = rest
    if (kind === 0) break
    if (kind !== 1 && (size < 2 || size > rest.length)) return { options, malformed: true }
    if (kind !== 1) options.push([kind, rest.subarray(2, size)])
    rest = rest.subarray(kind === 1 ? 1 : size)
  }
  return { options, malformed: false }
}

export function parseTcpOptions(bytes: Uint8Array): TcpOptionsSummary {
  const { options, malformed } = splitOptions(bytes)
  const found: TcpOptionsSummary = { malformed }
  for (const [kind, data] of options) {
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    if (kind === 2 && data.length === 2) found.mss = view.getUint16(0)
    if (kind === 3 && data.length === 1) found.windowScale = view.getUint8(0)
    if (kind === 4 && data.length === 0) found.sackPermitted = true
    if (kind === 8 && data.length === 8) found.timestamps = [view.getUint32(0), view.getUint32(4)]
  }
  return found
}

// The map measures with the npm package bpf and its typed layer.
import bpf from 'bpf'
import { ENTRIES, run } from './workload.mjs'

const counters = {
  parse: (bytes) => ({ packets: bytes.readBigUInt64LE(0), bytes: bytes.readBigUInt64LE(8) }),
  format(bytes, value) {
    bytes.writeBigUInt64LE(value.packets, 0)
    bytes.writeBigUInt64LE(value.bytes, 8)
  },
}
const size = { keySize: 4, valueSize: 16, maxEntries: ENTRIES }
await run({
  hash: new bpf.ConvMap(bpf.createMap({ type: bpf.MapType.HASH, ...size }), bpf.u32type, counters),
  array: new bpf.ConvArrayMap(bpf.createMap({ type: bpf.MapType.ARRAY, ...size }), counters),
})

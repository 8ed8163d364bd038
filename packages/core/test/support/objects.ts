import { fileURLToPath } from 'node:url'

/** The path of an object that was compiled from test/bpf. */
export function objectFile(name: string): string {
  return fileURLToPath(new URL(`../generated/${name}.bpf.o`, import.meta.url))
}

/** An Ethernet frame of zeroes. */
export function frame(length = 64): Uint8Array {
  return new Uint8Array(length)
}

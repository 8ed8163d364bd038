import type { Leaf } from './leaves.js'

/** A leaf's value as the C program prints it. */
export function leafText({ type, value }: Leaf): string {
  switch (type.kind) {
    case 'string':
      return Buffer.from(value as string).toString('hex')
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex')
    case 'enum':
    case 'bits':
      return `${BigInt(value as number | bigint | boolean)}`
    case 'scalar':
      return scalarText(type.form, value as number | bigint | boolean | string)
  }
}

function scalarText(form: string, value: number | bigint | boolean | string): string {
  switch (form) {
    case 'ipv4':
    case 'ipv6':
    case 'mac':
      return Buffer.from(addressBytes(value as string)).toString('hex')
    case 'wide':
      return BigInt.asUintN(128, value as bigint)
        .toString(16)
        .padStart(32, '0')
    case 'float': {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleLE(value as number)
      return Number.isNaN(value) ? 'nan' : bytes.toString('hex')
    }
    default:
      return `${BigInt(value)}`
  }
}

/** The bytes of an IPv4, IPv6 or MAC address, in network order. */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number))
  if (/^\w\w(:\w\w){5}$/.test(text)) return Buffer.from(text.replaceAll(':', ''), 'hex')
  const [before = '', after] = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, asGroups).split('::')
  const head = before.split(':').filter(Boolean)
  const tail = (after ?? '').split(':').filter(Boolean)
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return Buffer.from([...head, ...middle, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function asGroups(_: string, ...bytes: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

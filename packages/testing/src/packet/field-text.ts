import type { Layer } from './layers/index.js'

/** The fields of a layer as text, in order of declaration; for people, and for comparing. */
export function fieldTexts(layer: Layer): readonly (readonly [name: string, text: string])[] {
  const { layer: _, offset: __, size: ___, ...fields } = layer
  const { checksumValid, ...shown } = fields as Record<string, unknown>
  return Object.entries(shown).map(([name, value]) => {
    if (name === 'checksum') return [name, `${hex(Number(value), 4)}${checksumValid === false ? ' (wrong)' : ''}`]
    if (name === 'type' && (layer.layer === 'ethernet' || layer.layer === 'vlan')) return [name, hex(Number(value), 4)]
    return [name, valueText(value)]
  })
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return bytesText(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'object' || value === null) return String(value)
  const { option, ...rest } = value as Record<string, unknown>
  return [option, ...Object.entries(rest).map(([name, it]) => `${name} ${valueText(it)}`)].join(' ')
}

/** `5 bytes "hello"`, or hexadecimal where it is no text. */
function bytesText(bytes: Uint8Array): string {
  const most = 32
  const some = bytes.subarray(0, most)
  const dots = bytes.length > most ? '...' : ''
  const printable = some.every((it) => it >= 0x20 && it < 0x7f)
  const text = printable ? JSON.stringify(String.fromCharCode(...some)) : Buffer.from(some).toString('hex')
  return bytes.length === 0 ? '0 bytes' : `${bytes.length} bytes ${text}${dots}`
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

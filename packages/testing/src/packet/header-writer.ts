import { putIpv4, putIpv6, putMac } from '../address/index.js'
import { ArgumentError } from '../errors/index.js'

/** Writes the fields of one header in network byte order; a value that does not fit is named after the layer and field. */
export class HeaderWriter {
  readonly bytes: Uint8Array
  readonly #layer: string
  readonly #view: DataView

  constructor(layer: string, size: number) {
    this.#layer = layer
    this.bytes = new Uint8Array(size)
    this.#view = new DataView(this.bytes.buffer)
  }

  u8(offset: number, field: string, value: number): void {
    this.#view.setUint8(offset, this.integer(field, value, 8))
  }

  u16(offset: number, field: string, value: number): void {
    this.#view.setUint16(offset, this.integer(field, value, 16))
  }

  u32(offset: number, field: string, value: number): void {
    this.#view.setUint32(offset, this.integer(field, value, 32))
  }

  ipv4(offset: number, field: string, address: string): void {
    putIpv4(this.bytes, offset, address, `${this.#layer}.${field}`)
  }

  ipv6(offset: number, field: string, address: string): void {
    putIpv6(this.bytes, offset, address, `${this.#layer}.${field}`)
  }

  mac(offset: number, field: string, address: string): void {
    putMac(this.bytes, offset, address, `${this.#layer}.${field}`)
  }

  /** Checks a value that goes into `bits` bits; `unit` is for fields given in bytes but kept in larger units. */
  integer(field: string, value: number, bits: number, unit = 1): number {
    const most = (2 ** bits - 1) * unit
    if (Number.isInteger(value) && value >= 0 && value <= most && value % unit === 0) return value / unit
    const multiple = unit === 1 ? 'an integer' : `a multiple of ${unit}`
    throw new ArgumentError(`${this.#layer}.${field}`, value, `${multiple} from 0 to ${most}`)
  }
}

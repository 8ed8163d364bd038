import assert from 'node:assert/strict'

/** What no value of these tests is made of alone. */
const GUARD = 0xa5
const WIDTH = 64

/** Bytes with others before and behind them, which must stay what they are; they begin at no multiple of 8. */
export class Guarded {
  readonly bytes: Uint8Array
  readonly #all: Uint8Array
  readonly #what: string

  constructor(what: string, length: number) {
    const start = WIDTH + 1 + (length % 7)
    this.#what = `${what} of ${length} bytes`
    this.#all = new Uint8Array(start + length + WIDTH).fill(GUARD)
    this.bytes = this.#all.subarray(start, start + length)
    this.bytes.fill(0)
  }

  /** @throws AssertionError when one was written past */
  check(): void {
    const from = this.bytes.byteOffset
    const isWhole = (bytes: Uint8Array) => bytes.every((byte) => byte === GUARD)
    assert.ok(isWhole(this.#all.subarray(0, from)), `${this.#what}: something was written before it`)
    assert.ok(isWhole(this.#all.subarray(from + this.bytes.length)), `${this.#what}: something was written behind it`)
  }

  /** @throws AssertionError when anything was written at all since it was filled */
  checkUntouched(byte: number): void {
    this.check()
    assert.ok(
      this.bytes.every((it) => it === byte),
      `${this.#what}: it was written, though it was refused`,
    )
  }
}

/** Bytes by which the entries of a test are told apart. */
export function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed + 1) * 37 + i * 11)
}

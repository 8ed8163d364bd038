import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Binding, type Handle, nativeBinding } from '../src/binding.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()
const object = readFileSync(objectFile('native-ring'))
const words = ['map', 'program', 'link', 'btf', '.rodata', 'records', 'record', 'lo', '', '/nowhere']

/** Left out: what reaches beyond this process. */
const outside = [
  ...['xdpLinkCreate', 'xdpSet', 'enableStats', 'openById', 'adopt'],
  ...['clsactDelete', 'filterSet', 'filterSetWithQdisc', 'filterDelete', 'filterDeleteWithQdisc'],
]
const calls = Object.entries(native).filter(([name]) => !outside.includes(name)) as [keyof Binding, Call][]
type Call = (...values: unknown[]) => unknown

/** Calls the addon with arguments that are right, nearly right or absurd, and keeps the handles that come of it. */
class Misuser {
  readonly handles: Handle[] = []
  readonly loading: Promise<void>[] = []
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  callSomething(): void {
    const [name, call] = this.#one(calls)
    const values = this.#argumentsOf(name)
    try {
      this.#keep(call(...values))
    } catch (error) {
      // The addon throws for what TypeScript would have refused, nothing else.
      expect(error).toBeInstanceOf(Error)
    }
    if (this.handles.length > 100) native.close(this.handles.shift() ?? 0)
  }

  #argumentsOf(name: keyof Binding): unknown[] {
    // Half of the time what makes new handles is called as it should be; sizes stay small, as the kernel allocates them.
    if (name === 'mapCreate' && this.#below(4) === 0)
      return this.#one([
        [4, 'misuse', 4, 4, 2, 0],
        [27, 'misuse', 0, 0, 4096, 0],
        [31, 'misuse', 0, 0, 4096, 0],
      ])
    if (name === 'perfOpen' && this.#below(2)) return [this.#handle(), this.#one([4096, 8192, 5000, 0])]
    if (name === 'mapCreate')
      return [this.#one([1, 2, 5, 6, 22, 27]), 'misuse', this.#below(9), this.#below(33), 4096, this.#one([0, 1024])]
    if (name === 'objectOpen' && this.#below(2)) return [object, 'misuse', {}]
    if (/Load|[rR]ing|memory|Run|perf/.test(name) && this.#below(2)) return [this.#handle(), ...this.#few(3)]
    // No target is one that a program could stay at.
    if (/^(linkCreate|programAttach|programDetach)$/.test(name) && this.#below(2))
      return [this.#handle(), this.#target(), this.#below(60), this.#order(), this.#handle()]
    if (name === 'hookQuery' && this.#below(2)) return [this.#target(), this.#below(60), this.#below(3)]
    if (name === 'objectSetProgram' && this.#below(2)) {
      const extended = { program: this.#handle(), function: this.#one(words) }
      return [this.#handle(), this.#one(words), { attachType: this.#below(60), extends: extended }]
    }
    return this.#few(8)
  }

  #target(): unknown {
    return this.#one<() => unknown>([
      () => ({ ifindex: this.#one([0, -1, 2 ** 30]), netns: this.#one(['', '/nowhere', '/dev/null']) }),
      () => ({ path: this.#one(['', '/nowhere', '/dev/null', '/', '/proc/self/ns/mnt']) }),
      () => ({ map: this.#handle() }),
      () => ({ program: this.#handle(), function: this.#one(words) }),
      () => this.#argument(),
    ])()
  }

  #order(): unknown {
    return this.#one([
      null,
      { flags: this.#below(256), relativeId: this.#below(3), expectedRevision: BigInt(this.#below(3)) },
    ])
  }

  #few(most: number): unknown[] {
    return Array.from({ length: this.#below(most + 1) }, () => this.#argument())
  }

  #argument(): unknown {
    return this.#one<() => unknown>([
      () => this.#handle(),
      () => this.#handle(),
      () => this.#below(64),
      () => new Uint8Array(this.#below(64)),
      () => new Uint8Array(8192),
      () => new Uint32Array(this.#below(8)).fill(this.#below(8)),
      () => this.#one(words),
      () => this.#one([undefined, null, -1, 1e20, Number.NaN, 1n, true, Symbol.iterator, [], {}]),
      () => ({
        data: new Uint8Array(64),
        dataOutSize: this.#below(128),
        repeat: 1,
        maxEntries: 8,
        reuse: this.#handle(),
      }),
      () => object,
      () => () => {},
    ])()
  }

  #handle(): Handle {
    return this.handles[this.#below(this.handles.length + 4)] ?? this.#below(1000)
  }

  #keep(answer: unknown): void {
    if (typeof answer === 'number' && answer >= 2 ** 19) this.handles.push(answer)
    if (answer instanceof Promise) this.loading.push(answer.then((loaded) => this.#keep(loaded)))
    else if (typeof answer === 'object' && answer !== null)
      for (const value of Object.values(answer))
        if (!ArrayBuffer.isView(value) && typeof value !== 'string') this.#keep(value)
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T
  }

  /** xorshift */
  #below(limit: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % limit
  }
}

it('no call, whatever its arguments, ends the process', async () => {
  const misuser = new Misuser(Number(process.env.MILLRACE_SEED ?? 20_261_120))
  for (let round = 0; round < 100; round++) {
    for (let n = 0; n < 300; n++) misuser.callSomething()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(misuser.loading)
  // Else nothing was ever loaded or open, and little was tried.
  expect(misuser.loading.length).toBeGreaterThan(10)
  expect(misuser.handles.filter((handle) => native.descriptor(handle) >= 0).length).toBeGreaterThan(10)
  for (const handle of misuser.handles) native.close(handle)
})

import { describe, expect, it } from 'vitest'
import { makeConfig, readConfig, type SlotConfig, takesFrags } from './config.js'
import { MrDispatcherConfig } from './generated/dispatcher.bpf.js'
import { goOnMask } from './go-on.js'

const slot = (fields: Partial<SlotConfig> = {}): SlotConfig => ({
  priority: 50,
  goOn: goOnMask(['pass']),
  frags: false,
  ...fields,
})

function bytesOf(slots: readonly SlotConfig[]): Uint8Array {
  const bytes = new Uint8Array(MrDispatcherConfig.size)
  MrDispatcherConfig.encode(makeConfig(slots), new DataView(bytes.buffer), 0)
  return bytes
}

it('has the bytes that libxdp 1.3.1 puts into its own', () => {
  // As `bpftool map dump` shows them after `xdp-loader load --prio 20` and one with what is the default.
  const expected = new Uint8Array(124)
  const view = new DataView(expected.buffer)
  expected.set([236, 2, 2, 0])
  for (const [at, word] of [
    [4, 2_147_483_652],
    [8, 2_147_483_652],
    [44, 20],
    [48, 50],
  ] as const) {
    view.setUint32(at, word, true)
  }
  expect(bytesOf([slot({ priority: 20 }), slot()])).toEqual(expected)
})

it('says that all programs take packets in several buffers only when all do', () => {
  const [plain, frags] = [slot(), slot({ frags: true })]
  expect([[plain], [frags, plain], [frags, frags], []].map(takesFrags)).toEqual([false, false, true, false])
  expect(makeConfig([frags, frags])).toMatchObject({ frags: 1, flags: [32, 32, 0, 0, 0, 0, 0, 0, 0, 0] })
  expect(makeConfig([frags, plain])).toMatchObject({ frags: 0, flags: [32, 0, 0, 0, 0, 0, 0, 0, 0, 0] })
})

describe('read back', () => {
  it('is what was written', () => {
    const slots = [slot({ priority: 0, goOn: 0xffff_ffff }), slot({ frags: true }), slot({ priority: 0xffff_ffff })]
    expect(readConfig(bytesOf(slots))).toEqual({ slots })
    expect(readConfig(bytesOf([]))).toEqual({ slots: [] })
  })

  it('tells a version that is not spoken here, also of a size that is not known', () => {
    const bytes = bytesOf([slot()])
    bytes[1] = 3
    expect(readConfig(bytes)).toEqual({ version: 3 })
    expect(readConfig(Uint8Array.of(236, 7))).toEqual({ version: 7 })
  })

  it('tells version 1, which had no magic, by its size', () => {
    expect(readConfig(new Uint8Array(84).fill(1, 0, 1))).toEqual({ version: 1 })
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['other constants', new Uint8Array(124)],
    ['too few bytes', bytesOf([slot()]).subarray(0, 123)],
    ['more programs than there are slots', bytesOf([slot()]).with(2, 11)],
  ])('is no dispatcher with %s', (_, bytes) => {
    expect(readConfig(bytes)).toBeUndefined()
  })

  it('does not mind where in a buffer it lies', () => {
    const bytes = new Uint8Array(130)
    bytes.set(bytesOf([slot({ priority: 7 })]), 6)
    expect(readConfig(bytes.subarray(6))).toEqual({ slots: [slot({ priority: 7 })] })
  })
})

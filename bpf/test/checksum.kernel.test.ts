import { loadSync } from '@millrace/core'
import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { checksumOf } from './checksum-reference.js'
import { type Change, checksumChanges } from './generated/checksum_changes.bpf.js'
import { checksumsTc } from './generated/checksums_tc.bpf.js'
import { checksumsXdp, MrStatus } from './generated/checksums_xdp.bpf.js'
import { Random } from './random.js'
import { samples } from './samples.js'

const hooks = [
  { name: 'xdp', object: loadSync(checksumsXdp) },
  { name: 'tc', object: loadSync(checksumsTc) },
]
const changes = loadSync(checksumChanges)
afterAll(() => {
  for (const { object } of hooks) object.close()
  changes.close()
})

const base = packet().ethernet()
/** Behind a type that no test run looks into. */
const frameOf = (bytes: Uint8Array) => packet().ethernet({ type: 0x88b5 }).payload(bytes).build()

describe.each(hooks)('over a packet at $name', ({ object: { programs, maps } }) => {
  const run = (program: keyof typeof programs, data: Uint8Array) => {
    const { returnValue } = programs[program].testRun({ data, dataOutSize: 0 })
    return { returnValue, ...maps.results.get(0) }
  }

  it('is that of the reference, for each length up to the maximum', () => {
    const random = new Random(1071)
    for (let length = 1; length <= 1500; length++) {
      const bytes = random.bytes(length)
      expect(run('sumFrame', frameOf(bytes)), `${length} bytes`).toMatchObject({
        summed: true,
        frame: checksumOf(bytes),
      })
    }
  })

  it('of bytes that are all alike, zeroes and ones', () => {
    expect(run('sumFrame', frameOf(new Uint8Array(64)))).toMatchObject({ frame: 0xffff })
    expect(run('sumFrame', frameOf(new Uint8Array(1500).fill(0xff)))).toMatchObject({ frame: 0 })
  })

  it('is refused beyond the maximum', () => {
    expect(run('sumFrame', frameOf(new Uint8Array(1501)))).toMatchObject({ summed: false })
  })

  it('of an IPv4 header is 0 where it is intact', () => {
    for (const sample of Object.values(samples)) {
      const found = sample.layers.at(1)
      if (found?.layer !== 'ipv4') continue
      expect(run('sumIpv4Header', sample.build())).toMatchObject({ status: MrStatus.Ok, ipv4Header: 0 })
      const broken = run('sumIpv4Header', sample.change('ipv4', { checksum: 'wrong' }).build())
      expect(broken.ipv4Header).not.toBe(0)
    }
  })

  it('of a header whose own is zero is the one to store', () => {
    const header = { ttl: 9, options: [{ option: 'routerAlert', value: 0 }] as const }
    const stored = base.ipv4(header).udp().build()
    const right = ((stored[24] ?? 0) << 8) | (stored[25] ?? 0)
    expect(
      run(
        'sumIpv4Header',
        base
          .ipv4({ ...header, checksum: 0 })
          .udp()
          .build(),
      ),
    ).toMatchObject({ ipv4Header: right })
  })

  it.each(['ipv4', 'ipv6'] as const)('of TCP, UDP and ICMP over %s is 0 where it is intact', (ip) => {
    const random = new Random(768)
    for (let length = 0; length < 300; length++) {
      const network = ip === 'ipv4' ? base.ipv4() : base.ipv6()
      const payload = random.bytes(length)
      const messages = [
        network.tcp({ sequence: random.u32() }).payload(payload),
        network.udp().payload(payload),
        (ip === 'ipv4' ? network.icmp({ type: 8 }) : network.icmpv6({ type: 128 })).payload(payload),
      ]
      for (const message of messages) {
        expect(run('sumTransport', message.build())).toMatchObject({ status: MrStatus.Ok, summed: true, transport: 0 })
      }
    }
  })

  it('finds every flipped bit', () => {
    const frame = base.ipv6().tcp().payload('some bytes').build()
    for (let bit = 8 * 54; bit < 8 * frame.length; bit++) {
      const flipped = Uint8Array.from(frame)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const { status, transport } = run('sumTransport', flipped)
      expect(status === MrStatus.Ok ? transport : 'refused').not.toBe(0)
    }
  })
})

describe('after a change of a field', () => {
  const zero = '::'
  const change = (it: Partial<Change>): Change => {
    const blank = { sum: 0n, folded: 0, checksum: 0, from2: 0, to2: 0, from4: 0, to4: 0, from16: zero, to16: zero }
    changes.maps.changes.set(0, { ...blank, ...it, after2: 0, after4: 0, after16: 0, udpAfter2: 0 })
    changes.programs.changeFields.testRun({ data: new Uint8Array(64), dataOutSize: 0 })
    const after = changes.maps.changes.get(0)
    if (after === undefined) throw new Error('an array map has every index')
    return after
  }
  const addressOf = (bytes: Uint8Array) =>
    Array.from({ length: 8 }, (_, group) => get16(bytes, group * 2).toString(16)).join(':')

  /** Fields of all three sizes in 40 bytes of data that a checksum covers, and what it is after each of them changes. */
  function expected(data: Uint8Array, to: Uint8Array) {
    const changed = (at: number, length: number) => {
      const copy = Uint8Array.from(data)
      copy.set(to.subarray(at, at + length), at)
      return checksumOf(copy)
    }
    return { after2: changed(0, 2), after4: changed(4, 4), after16: changed(8, 16) }
  }

  it('is that of the changed data, for 2, 4 and 16 bytes', () => {
    const random = new Random(1624)
    for (let round = 0; round < 5000; round++) {
      // Few distinct bytes now and then, so that sums meet 0 and 0xffff.
      const bytes = () => (round % 3 ? random.bytes(40) : random.bytes(40).map((it) => (it < 128 ? 0 : 0xff)))
      const [data, to] = [bytes(), bytes()]
      data[39] = 1
      const fields = {
        checksum: checksumOf(data),
        from2: get16(data, 0),
        to2: get16(to, 0),
        from4: get32(data, 4),
        to4: get32(to, 4),
        from16: addressOf(data.subarray(8, 24)),
        to16: addressOf(to.subarray(8, 24)),
      }
      expect(change(fields), `round ${round}`).toMatchObject(expected(data, to))
    }
  })

  it('and any sum of 64 bits folds to what it is modulo 0xffff', () => {
    const random = new Random(1071)
    const edges = [
      0n,
      1n,
      0xffffn,
      0x10000n,
      0x1fffen,
      0xffffffffn,
      0xffff_ffff_0000_ffffn,
      0xffff_ffff_0001_0000n,
      0xffff_ffff_ffff_ffffn,
    ]
    const sums = Array.from({ length: 2000 }, () => (BigInt(random.u32()) << 32n) | BigInt(random.u32()))
    for (const sum of [...edges, ...sums]) {
      const folded = sum === 0n ? 0n : ((sum - 1n) % 0xffffn) + 1n
      expect(change({ sum }).folded, sum.toString(16)).toBe(Number(folded))
    }
  })

  it('keeps the example of RFC 1624 section 4', () => {
    expect(change({ checksum: 0xdd2f, from2: 0x5555, to2: 0x3285 }).after2).toBe(0x0000)
  })

  it('of UDP is never 0, unless there was none', () => {
    expect(change({ checksum: 0xdd2f, from2: 0x5555, to2: 0x3285 }).udpAfter2).toBe(0xffff)
    expect(change({ checksum: 0, from2: 1, to2: 2 }).udpAfter2).toBe(0)
    expect(change({ checksum: 0x1234, from2: 1, to2: 2 }).udpAfter2).toBe(0x1233)
  })
})

function get16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function get32(bytes: Uint8Array, at: number): number {
  return ((get16(bytes, at) << 16) | get16(bytes, at + 2)) >>> 0
}

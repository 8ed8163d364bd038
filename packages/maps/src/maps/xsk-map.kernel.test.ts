import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { load, RawMap } from '@millrace/core'
import { type Host, topology } from '@millrace/testing'
import { attachXdp } from '@millrace/xdp'
import { describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { useScript } from '../../../core/test/support/script.js'
import { xsk } from '../../test/generated/xsk.bpf.js'
import { useHostProgram } from '../../test/host-program.js'
import { address, datagramsOf, sendDatagram } from '../../test/hub.js'
import { connection, descriptorOf } from '../../test/sockets.js'
import { XskMap } from '../index.js'

const maker = useHostProgram('xsk-socket')
const script = useScript(new URL('../../test/xsk-process.ts', import.meta.url))
const make = (maxEntries = 4) => XskMap.create({ name: 'sockets', maxEntries })

describe('an XskMap', () => {
  test('refuses what is no AF_XDP socket', async () => {
    await using a = await connection()
    using sockets = make()
    const file = openSync('/dev/null', 'r')
    expect([sockets.type, sockets.maxEntries]).toEqual(['xskmap', 4])
    expect(() => sockets.set(0, descriptorOf(a.near))).toThrow(
      expect.objectContaining({
        code: 'ERR_SOCKET_REFUSED',
        errnoName: 'EOPNOTSUPP',
        socket: { protocol: 'tcp', state: 'ESTABLISHED' },
        expected: 'an AF_XDP socket, in older kernels one that is bound and has its memory and rings',
      }),
    )
    for (const none of [file, 0x7fff_ffff, -1, undefined, a.near]) {
      expect(() => sockets.set(0, none as never)).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'descriptor' }),
      )
    }
    closeSync(file)
  })

  test('refuses an index that it does not have, and everything once it is closed', async () => {
    using sockets = make(2)
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'sockets' })
    expect(() => sockets.set(2, 0)).toThrow(outOfRange)
    expect(() => sockets.delete(2)).toThrow(outOfRange)
    expect(() => sockets.set(-1, 0)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
    expect(() => sockets.set(0, 0, 'insert' as never)).toThrow(expect.objectContaining({ argument: 'mode' }))
    sockets.clear()
    sockets.freeze()
    expect(() => sockets.delete(0)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    sockets.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => sockets.set(0, 0)).toThrow(isClosed)
    expect(() => sockets.delete(0)).toThrow(isClosed)
  })

  test('can be pinned and opened again', () => {
    using bpffs = mountBpffs()
    using sockets = make()
    sockets.pin(`${bpffs.path}/sockets`)
    using again = XskMap.open(`${bpffs.path}/sockets`, { maxEntries: 4 })
    expect(again.id).toBe(sockets.id)
    using array = RawMap.create({ type: 'array', name: 'numbers', keySize: 4, valueSize: 4, maxEntries: 4 })
    expect(() => XskMap.from(array)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }))
  })
})

test('packets that a program redirects to an XskMap come into the ring of the socket', async () => {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  await using net = await topology({
    hosts: {
      a: { interfaces: { eth0: { addresses: [`${address.a}/24`] } }, sysctls },
      b: { interfaces: { eth0: { addresses: [`${address.b}/24`] } }, sysctls },
    },
    links: [['a:eth0', 'b:eth0']],
  })
  const { a, b } = net.hosts
  using bpffs = mountBpffs()
  using object = await load(xsk)
  object.maps.sockets.pin(`${bpffs.path}/sockets`)
  using _ = attachXdp(object.programs.toSocket, 'eth0', { netns: b.netns, mode: 'native' })
  const heard = await datagramsOf(b)
  const owner = await startOwner(b, `${bpffs.path}/sockets`)

  // Nothing is in the map: the stack gets it.
  await sendDatagram(a, address.b, 'to the stack')
  await vi.waitFor(() => expect(heard).toEqual(['to the stack']), 10_000)

  expect(await owner.do('replace')).toBe('ERR_KEY_MISSING ENOENT')
  expect(await owner.do('set')).toBe('done')
  expect(await owner.do('create another')).toBe('ERR_KEY_EXISTS EEXIST')
  await sendDatagram(a, address.b, 'first')
  await sendDatagram(a, address.b, 'second')
  await vi.waitFor(() => expect(owner.frames).toEqual(['first', 'second']), 10_000)
  expect(await owner.do('replace')).toBe('done')

  expect(await owner.do('delete')).toBe('done')
  await sendDatagram(a, address.b, 'to the stack again')
  await vi.waitFor(() => expect(heard).toEqual(['to the stack', 'to the stack again']), 10_000)

  // Who ends takes its socket out of the map.
  expect(await owner.do('set')).toBe('done')
  await sendDatagram(a, address.b, 'third')
  await vi.waitFor(() => expect(owner.frames).toEqual(['first', 'second', 'third']), 10_000)
  await owner.end()
  await sendDatagram(a, address.b, 'once more')
  await vi.waitFor(() => expect(heard).toEqual(['to the stack', 'to the stack again', 'once more']), 10_000)
})

/** A process that has an AF_XDP socket on eth0. */
async function startOwner(host: Host, path: string) {
  const child = host.spawn(maker.path, ['eth0', process.execPath, script.path, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: script.env,
  })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the process cannot be talked to')
  const frames: string[] = []
  const answers: string[] = []
  const lines = createInterface({ input: stdout })
  lines.on('line', (line) => {
    if (line.startsWith('frame ')) frames.push(line.slice('frame '.length))
    else answers.push(line)
  })
  let expected = 1
  const answer = async () => {
    await vi.waitFor(() => expect(answers.length).toBe(expected), 20_000)
    expected++
    return answers.at(-1)
  }
  expect(await answer()).toBe('ready')
  return {
    frames,
    do(action: string) {
      stdin.write(`${action}\n`)
      return answer()
    },
    async end() {
      const ended = once(child, 'exit')
      stdin.end()
      await ended
    },
  }
}

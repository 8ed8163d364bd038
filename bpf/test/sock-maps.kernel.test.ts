import { loadSync } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { connection } from '../../packages/maps/test/sockets.js'
import { check } from './compilers.js'
import { sockMaps } from './generated/sock_maps.bpf.js'

const object = loadSync(sockMaps)
afterAll(() => object.close())

describe('a key of another type than those of the map does not compile', () => {
  const program = (type: string, statement: string) => `
    #include <millrace/sk_msg.h>
    #include <millrace/sk_skb.h>
    MR_SOCKHASH(sockets, __u64, 16);
    SEC("sk_msg") int message(struct sk_msg_md *msg) { ${type} key = 0; return ${statement} }
    SEC("sk_skb") int receive(struct __sk_buff *skb) { ${type} key = 0; return ${statement.replaceAll('msg', 'skb')} }`

  it.each(['redirect', 'redirect_or_pass'])('in mr_..._%s of both headers', async (name) => {
    const statement = `mr_sk_msg_${name}(msg, sockets, &key, 0);`
    await check(program('__u64', statement))
    await expect(check(program('__u32', statement))).rejects.toThrow(/the key is of another type than those of the map/)
    await expect(check(program('__s64', statement))).rejects.toThrow(/the key is of another type/)
  })
})

describe('mr_tcp_position', () => {
  const ask = () => object.programs.ask.testRun({ data: new Uint8Array(64) }).returnValue
  const { sockets, peers } = object.maps
  const { last, toIndex, position } = object.variables
  const inSockHash = 1
  const inSockMap = 2

  it('counts what a socket was given to send, and its end', async () => {
    await using a = await connection()
    toIndex.set(1)
    expect(ask()).toBe(0)
    sockets.set(last.get().key, a.near)
    expect(ask()).toBe(inSockHash)
    const start = position.get()
    sockets.clear()
    peers.set(1, a.near)
    expect(ask()).toBe(inSockMap)
    const written = () => (ask() && position.get() - start) >>> 0
    expect(written()).toBe(0)
    await new Promise((done) => a.near.write('12345', done))
    expect(written()).toBe(5)
    a.far.resume()
    await new Promise<void>((done) => a.near.end(() => done()))
    expect(written()).toBe(6)
    peers.clear()
    expect(ask()).toBe(0)
  })
})

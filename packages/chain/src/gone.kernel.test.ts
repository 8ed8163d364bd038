import { InterfaceGoneError } from '@millrace/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { loadMarks, upTo } from '../test/marks.js'
import { makeNetwork } from '../test/network.js'
import { createAt, variants } from '../test/variants.js'

const marks = { xdp: await loadMarks('xdp', upTo(3)), tc: await loadMarks('tc', upTo(3)) }

afterAll(() => {
  for (const it of Object.values(marks)) it[Symbol.dispose]()
})

describe.each(variants)('$name', (variant) => {
  const mark = { of: (id: number) => marks[variant.hook].of(id) as never }

  it('says that its interface is gone, is what it was, and closes in peace', async () => {
    await using network = await makeNetwork()
    await using chain = await createAt(variant, network)
    chain.append('a', mark.of(1))
    chain.append('b', mark.of(2))
    expect((await network.hosts.far.run('ip', ['link', 'delete', 'eth0'])).code).toBe(0)
    for (const change of [
      () => chain.append('c', mark.of(3)),
      () => chain.prepend('c', mark.of(3)),
      () => chain.remove('a'),
      () => chain.move('b', 'first'),
      () => chain.apply([]),
    ]) {
      expect(change).toThrow(InterfaceGoneError)
    }
    expect(chain.names).toEqual(['a', 'b'])
    expect(chain.stages()).toHaveLength(2)
  })

  it('can be detached when its interface is gone', async () => {
    await using network = await makeNetwork()
    const chain = await createAt(variant, network)
    chain.append('a', mark.of(1))
    await network.hosts.far.run('ip', ['link', 'delete', 'eth0'])
    chain.detach()
    await chain.settled()
  })

  it('says so when the whole namespace is gone', async () => {
    const network = await makeNetwork()
    await using chain = await createAt(variant, network)
    chain.append('a', mark.of(1))
    await network.close()
    // The kernel takes a namespace down in its own time.
    await vi.waitFor(() => expect(() => chain.apply([])).toThrow(InterfaceGoneError), 10_000)
  })
})

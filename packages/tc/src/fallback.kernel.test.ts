import { UnsupportedKernelError } from '@millrace/core'
import { errno, nativeBinding, runningKernel } from '@millrace/core/internal'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { makeNetwork } from '../test/network.js'
import { deliver } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { adoptTc, attachTc, purgeTc, queryTc } from './index.js'

const bpffs = useBpffs()
const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far
const ingress = { netns, direction: 'ingress' } as const

/** What the kernel answers that has never heard of an attach type. */
const unknown = { errno: errno.EINVAL, log: '' }

beforeEach(() => {
  vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(unknown)
  vi.spyOn(nativeBinding(), 'hookQuery').mockReturnValue(unknown)
})

afterEach(() => {
  vi.restoreAllMocks()
  purgeTc({ pinRoot: bpffs.path, netns })
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe('where the kernel has no TCX', () => {
  const reason = `this kernel (${runningKernel()}) has no TCX; it was built without CONFIG_NET_XGRESS`

  it('attaches to clsact, and says why', async () => {
    using first = attachTc(a, 'eth0', ingress)
    expect(first).toMatchObject({ mechanism: 'clsact', reason, link: undefined })
    using second = attachTc(b, 'eth0', { ...ingress, order: 'first' })
    using third = attachTc(c, 'eth0', { ...ingress, order: { after: second } })
    expect(third).toMatchObject({ mechanism: 'clsact', reason })
    await deliver(near, far)
    expect(witnesses.takeTrail()).toBe('bca')
  })

  it('tells the programs of clsact, and its revision', () => {
    const { revision: empty } = queryTc('eth0', ingress)
    using attachment = attachTc(a, 'eth0', { ...ingress, expectedRevision: empty })
    const { revision, programs } = queryTc('eth0', ingress)
    expect(programs).toMatchObject([{ mechanism: 'clsact', program: { id: a.id } }])
    expect(attachment.query()?.program?.id).toBe(a.id)
    expect(() => attachTc(b, 'eth0', { ...ingress, expectedRevision: empty })).toThrow(/is at revision/)
    using last = attachTc(b, 'eth0', { ...ingress, expectedRevision: revision })
    expect(last.mechanism).toBe('clsact')
  })

  it('refuses TCX when that alone is wanted', () => {
    const tcx = { ...ingress, mechanism: 'tcx' } as const
    for (const refused of [
      () => attachTc(a, 'eth0', tcx),
      () => attachTc(a, 'eth0', { ...tcx, order: { before: { name: 'b' } } }),
      () => adoptTc(a, 'eth0', { ...tcx, name: 'guard', pinRoot: bpffs.path }),
      () => queryTc('eth0', tcx),
    ]) {
      expect(refused).toThrow(UnsupportedKernelError)
      expect(refused).toThrow(reason)
    }
  })

  it('adopts on clsact', () => {
    const options = { ...ingress, name: 'guard', pinRoot: bpffs.path }
    const first = adoptTc(a, 'eth0', options)
    expect(first).toMatchObject({ adopted: false, mechanism: 'clsact', reason })
    first.close()
    const second = adoptTc(b, 'eth0', options)
    expect(second).toMatchObject({ adopted: true, mechanism: 'clsact' })
    expect(queryTc('eth0', { ...ingress, pinRoot: bpffs.path }).programs).toMatchObject([
      { name: 'guard', program: { id: b.id } },
    ])
    second.detach()
    expect(queryTc('eth0', ingress).programs).toEqual([])
  })
})

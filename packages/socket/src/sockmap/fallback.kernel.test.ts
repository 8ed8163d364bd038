import { load } from '@millrace/core'
import { errno, nativeBinding } from '@millrace/core/internal'
import { SockMap } from '@millrace/maps'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { attachSockMap, querySockMap } from '../index.js'

/** Kernels that are older than this one, by what they say: all else is this kernel. */
const release = vi.hoisted(() => ({ running: undefined as string | undefined }))
vi.mock('node:os', async (importActual) => {
  const os = await importActual<typeof import('node:os')>()
  return { ...os, release: () => release.running ?? os.release() }
})

const object = await load(sockMaps)
const { swap, lookAtStream } = object.programs
const peers = () => SockMap.create({ name: 'peers', maxEntries: 4 })
const einval = { errno: errno.EINVAL, log: '' }

afterEach(() => {
  vi.restoreAllMocks()
  release.running = undefined
})
afterAll(() => object.close())

describe('before Linux 6.10, which brought links', () => {
  it('attaches without one, and says so', () => {
    release.running = '6.9.0'
    vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(einval)
    using map = peers()
    using attachment = attachSockMap(swap, map)
    expect(attachment).toMatchObject({ mechanism: 'direct', reason: 'link: the kernel gave none (EINVAL)' })
    expect(attachment.query()).toMatchObject({ program: { id: swap.id }, linkId: undefined })
  })

  it('refuses when only a link will do', () => {
    release.running = '6.9.0'
    vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(einval)
    using map = peers()
    expect(() => attachSockMap(swap, map, { mechanism: 'link' })).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED_KERNEL', needed: '6.10' }),
    )
    expect(querySockMap(map)).toEqual([])
  })
})

describe('before Linux 5.18, which brought queries', () => {
  it('attaches, exchanges and detaches without, and says that it cannot look', () => {
    release.running = '5.17.0'
    vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(einval)
    const query = vi.spyOn(nativeBinding(), 'hookQuery').mockReturnValue(einval)
    using map = peers()
    const attachment = attachSockMap(swap, map)
    attachment.update(lookAtStream)
    const unsupported = expect.objectContaining({ code: 'ERR_UNSUPPORTED_KERNEL', needed: '5.18' })
    expect(() => attachment.query()).toThrow(unsupported)
    expect(() => querySockMap(map)).toThrow(unsupported)
    query.mockRestore()
    release.running = undefined
    expect(querySockMap(map)).toMatchObject([{ program: { id: lookAtStream.id } }])
    attachment.close()
    expect(querySockMap(map)).toEqual([])
  })
})

describe('a hook that the kernel does not have', () => {
  it('is told by its version', () => {
    release.running = '5.10.0'
    vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(einval)
    vi.spyOn(nativeBinding(), 'programAttach').mockReturnValue(einval)
    vi.spyOn(nativeBinding(), 'hookQuery').mockReturnValue(einval)
    using map = peers()
    expect(() => attachSockMap(object.programs.datagramToIndex, map)).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED_KERNEL', feature: 'the hook sk_skb_verdict', needed: '5.13' }),
    )
  })
})

describe('somebody who is faster', () => {
  it('between looking and attaching is told of', () => {
    using map = peers()
    const native = nativeBinding()
    using attachment = attachSockMap(swap, map)
    // Nobody is there when it is looked at, and then somebody is.
    vi.spyOn(native, 'hookQuery').mockImplementationOnce(() => ({ revision: 0n, flags: 0, programs: [] }))
    vi.spyOn(native, 'hookQuery').mockImplementationOnce(() => ({ revision: 0n, flags: 0, programs: [] }))
    expect(() => attachSockMap(lookAtStream, map)).toThrow(
      expect.objectContaining({
        code: 'ERR_ATTACH_BUSY',
        holder: expect.objectContaining({ linkId: attachment.link?.id }),
      }),
    )
  })
})

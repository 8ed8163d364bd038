import { ArgumentError, UnsupportedKernelError } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { describe, expect, it } from 'vitest'
import { netkitRefusal } from './netkit.js'

const hook = { interface: { name: 'eth0', index: 2, netns: '' }, endpoint: 'peer' } as const

/** What drivers/net/netkit.c answers, which not every kernel has. */
describe('what netkit says', () => {
  it('of a device of another kind', () => {
    const error = netkitRefusal(hook, { errno: errno.ENXIO, log: '' })
    expect(error).toBeInstanceOf(ArgumentError)
    expect(error).toMatchObject({ message: "iface is 'eth0', expected a netkit device" })
  })

  it('of the wrong end', () => {
    const error = netkitRefusal(hook, { errno: errno.EACCES, log: '' })
    expect(error).toMatchObject({
      message: expect.stringMatching(/^iface is 'eth0', expected the primary device of a netkit/),
    })
  })

  it('where it is not', () => {
    const refusal = netkitRefusal(hook, { errno: errno.EINVAL, log: '' })
    expect(refusal).toMatchObject({
      unavailable: expect.any(UnsupportedKernelError),
      reason: expect.stringMatching('netkit'),
    })
  })

  it('for reasons that are not its own', () => {
    expect(netkitRefusal(hook, { errno: errno.ENOMEM, log: '' })).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { errno } from './errno.js'
import { KernelError, UnsupportedKernelError } from './errors/index.js'
import { explain, lockedMemoryHint } from './explain.js'
import { runningKernel } from './kernel-version.js'

const operation = 'do it'

describe('explain', () => {
  it("blames the kernel's age only for what is newer than the kernel", () => {
    const lacking = { operation, errno: -errno.EINVAL, feature: { name: 'TCX', since: '99.1' } }
    expect(explain(lacking)).toBeInstanceOf(UnsupportedKernelError)
    expect(explain(lacking).message).toBe(`TCX needs Linux 99.1, this is ${runningKernel()}`)
    expect(explain({ ...lacking, feature: { name: 'TCX', since: '4.1' } })).toBeInstanceOf(KernelError)
    expect(explain({ ...lacking, errno: -errno.ENOMEM })).toBeInstanceOf(KernelError)
  })

  it('takes an errno of either sign, and keeps hint and log', () => {
    const error = explain({ operation, errno: -errno.ENOMEM, hint: 'try less', log: 'libbpf: no' })
    expect(error).toMatchObject({ errno: errno.ENOMEM, errnoName: 'ENOMEM', operation, log: 'libbpf: no' })
    expect(error.message).toBe('could not do it: ENOMEM, not enough memory; try less')
    expect(explain({ operation, errno: errno.ENOMEM })).toMatchObject({ errno: errno.ENOMEM })
  })
})

it.each([
  ['5.10.0', 'the limit of locked memory may be too low: ulimit -l unlimited'],
  ['5.11.0', undefined],
])('locked memory plays a part before Linux 5.11: %s', (running, hint) => {
  expect(lockedMemoryHint(running)).toBe(hint)
})

import { expect, it } from 'vitest'
import { lastOfEachMode, refusal, whyNotBetter } from './refusal.js'

const eth0 = { name: 'eth0', index: 2, netns: '' }
const log = 'libbpf: Kernel error message: Underlying driver does not support XDP in native mode\n'
const nativeByLink = refusal(eth0, 'native', 'link', { errno: 95, log: '' })
const nativeByNetlink = refusal(eth0, 'native', 'netlink', { errno: 95, log })
const genericByLink = refusal(eth0, 'generic', 'link', { errno: 22, log: '' })

it('has the words of the kernel where it gave some', () => {
  expect(nativeByLink.reason).toBe('native: the driver of eth0 has no XDP support (EOPNOTSUPP)')
  expect(nativeByNetlink.reason).toBe(
    'native: the driver of eth0 has no XDP support (EOPNOTSUPP: Underlying driver does not support XDP in native mode)',
  )
})

it('is a sentence for what has no name here, too', () => {
  expect(refusal(eth0, 'native', 'link', { errno: 12, log: '' }).reason).toBe(
    'native: eth0 refused the program, not enough memory (ENOMEM)',
  )
})

it('is told once a mode', () => {
  expect(lastOfEachMode([nativeByLink, nativeByNetlink, genericByLink])).toEqual([nativeByNetlink, genericByLink])
})

it('is the reason for a lesser mode, or for netlink', () => {
  expect(whyNotBetter([], 'native')).toBeUndefined()
  expect(whyNotBetter([nativeByLink, nativeByNetlink], 'generic')).toBe(nativeByNetlink.reason)
  // As a kernel before 5.9 does.
  expect(whyNotBetter([genericByLink], 'generic')).toBe('link: the kernel gave none (EINVAL)')
  expect(whyNotBetter([nativeByLink, nativeByNetlink, genericByLink], 'generic')).toBe(
    `${nativeByNetlink.reason}; link: the kernel gave none (EINVAL)`,
  )
})

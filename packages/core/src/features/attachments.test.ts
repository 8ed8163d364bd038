import { expect, it } from 'vitest'
import { linkTypes } from '../link-type.js'
import { attachmentSince } from './attachments.js'

it.each([
  ['xdp', '5.9'],
  ['tcx', '6.6'],
  ['netkit', '6.7'],
  ['sockmap', '6.10'],
  ['freplace', '5.10'],
  ['cgroup order', '6.17'],
] as const)('%s needs Linux %s', (what, version) => {
  expect(attachmentSince(what)).toBe(version)
})

it('is known for every kind of link that has a name, and for no other', () => {
  const unknown = linkTypes.names().filter((name) => attachmentSince(name) === undefined)
  expect(unknown).toEqual(['unspec'])
  expect(attachmentSince(linkTypes.nameOf(1000))).toBeUndefined()
})

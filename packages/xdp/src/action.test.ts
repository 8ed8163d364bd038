import { expect, it } from 'vitest'
import { XdpAction, xdpActionName } from './index.js'

it('names verdicts as the kernel numbers them', () => {
  const names = Object.values(XdpAction).map(xdpActionName)
  expect(names).toEqual(['aborted', 'drop', 'pass', 'tx', 'redirect'])
})

it('names a number that is no verdict by itself', () => {
  expect(xdpActionName(7)).toBe('action 7')
})

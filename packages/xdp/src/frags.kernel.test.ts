import { ArgumentError, load, Program } from '@millrace/core'
import { afterAll, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { attachXdp, XdpRefusedError } from './index.js'

const network = await makeNetwork({ mtu: 9000 })
const object = await load(verdicts)
const { pass, passFrags } = object.programs
const { netns } = network.hosts.far

afterAll(async () => {
  object.close()
  await network.close()
})

it('lets a program with frags take jumbo frames natively', () => {
  using attachment = attachXdp(passFrags, 'eth0', { netns, mode: 'native', frags: true })
  expect(attachment.mode).toBe('native')
})

it('explains why one without cannot', () => {
  expect(() => attachXdp(pass, 'eth0', { netns, mode: 'native' })).toThrow(XdpRefusedError)
  expect(() => attachXdp(pass, 'eth0', { netns, mode: 'native' })).toThrow(
    /native: the MTU of eth0 is too large for a program without frags \(ERANGE: .*MTU/,
  )
})

it('falls back to generic mode and gives that as the reason', () => {
  using attachment = attachXdp(pass, 'eth0', { netns })
  expect(attachment.mode).toBe('generic')
  expect(attachment.reason).toMatch(/^native: the MTU of eth0 is too large/)
})

it('refuses a program without frags where they are demanded', () => {
  expect(() => attachXdp(pass, 'eth0', { netns, frags: true })).toThrow(ArgumentError)
  expect(() => attachXdp(pass, 'eth0', { netns, frags: true })).toThrow(
    /program\.section is 'xdp', expected xdp\.frags/,
  )
})

it('leaves it to the kernel where the section is not known', () => {
  using opened = Program.openById(pass.id).as('xdp')
  expect(() => attachXdp(opened, 'eth0', { netns, mode: 'native', frags: true })).toThrow(XdpRefusedError)
})

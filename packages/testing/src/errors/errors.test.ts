import * as core from '@millrace/core'
import { expect, it } from 'vitest'
import { ArgumentError, CommandError, MillraceError, MissingCapabilityError, ToolMissingError } from './index.js'

it('errors are recognised by the classes of core, and those of core by these', () => {
  const argument = new ArgumentError('ipv4.ttl', 256, 'an integer from 0 to 255')
  const capability = new MissingCapabilityError('CAP_SYS_ADMIN', 'make a network namespace', 'EPERM')
  expect(argument).toBeInstanceOf(core.ArgumentError)
  expect(capability).toBeInstanceOf(core.MissingCapabilityError)
  expect(capability).not.toBeInstanceOf(core.ArgumentError)
  for (const error of [argument, capability, new ToolMissingError('ip', 'iproute2'), new CommandError('a', 'ip', '')]) {
    expect(error).toBeInstanceOf(core.MillraceError)
    expect(error).toBeInstanceOf(MillraceError)
  }
  expect(new core.ArgumentError({ argument: 'x', value: 1, expected: '2' })).toBeInstanceOf(ArgumentError)
  expect(new Error('x')).not.toBeInstanceOf(ArgumentError)
})

it('errors say what was wrong and what to do', () => {
  const { name, code, message } = new MissingCapabilityError('CAP_SYS_ADMIN', 'make a network namespace', 'EPERM')
  expect([name, code]).toEqual(['MissingCapabilityError', 'ERR_MISSING_CAPABILITY'])
  expect(message).toBe(
    'to make a network namespace needs CAP_SYS_ADMIN, which this process does not have (EPERM): run as root or grant it',
  )
})

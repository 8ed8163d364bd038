import type { ProgramInfo } from '@millrace/core'
import { expect, it } from 'vitest'
import { StageRefusedError } from './errors/index.js'
import { checkBuild } from './mechanics.js'

/** A program of which the kernel says this. */
const program = (jitedSize: number) => ({ name: 'firewall', info: () => ({ jitedSize }) as ProgramInfo })
const instance = (jitedSize: number) => ({ stage: { name: 'fw' }, program: program(jitedSize) })

// Kernels that are built to compile always, as most are, make no such programs: nothing to be had here but by hand.
it('compiled and interpreted programs do not mix', () => {
  checkBuild(instance(120), program(40))
  checkBuild(instance(0), program(0))
  expect(() => checkBuild(instance(0), program(40))).toThrow(StageRefusedError)
  expect(() => checkBuild(instance(0), program(40))).toThrow(
    'stage fw cannot be program firewall: it is interpreted, and the chain is compiled by the JIT: the kernel makes no tail calls',
  )
  expect(() => checkBuild(instance(120), program(0))).toThrow(/it is compiled by the JIT, and the chain is interpreted/)
})

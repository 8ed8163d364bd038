import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { debianKernel } from '../../../scripts/guest/debian-kernel.mjs'
import { testInGuest } from '../../../test/guest/suite.js'
import { hasNetkit } from './netkit.js'

/** An emulated processor is slow, and slower when others use the host's. */
const timeout = 900_000

/** Debian 13, with Linux 6.12. */
const suite = 'trixie'

const test = fileURLToPath(new URL('../src/netkit.kernel.test.ts', import.meta.url))

it.runIf(!hasNetkit)(
  'runs the tests that this kernel cannot with one of Debian that can',
  async () => {
    const { output, code } = await testInGuest(await debianKernel({ suite, flavour: '' }), [test], timeout)
    expect(code, output).toBe(0)
    // All of them, and none left out.
    expect(output).toMatch(/Tests +(\d+) passed \(\1\)/)
  },
  timeout,
)

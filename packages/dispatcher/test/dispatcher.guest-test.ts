import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { debianKernel } from '../../../scripts/guest/debian-kernel.mjs'
import { testInGuest } from '../../../test/guest/suite.js'
import { canReplace } from './kernel.js'

/** An emulated processor is slow, and slower when others use the host's. */
const timeout = 900_000

/** Debian 12, with Linux 6.1. */
const suite = 'bookworm'

const files = ['join', 'slot', 'busy', 'libxdp', 'processes', 'tail-calls'].map(
  (name) => `../src/${name}.kernel.test.ts`,
)
const scripts = ['owner.script.ts']

it.runIf(!canReplace)(
  'runs the tests that this kernel cannot with one of Debian that can',
  async () => {
    const paths = [...files, ...scripts].map((path) => fileURLToPath(new URL(path, import.meta.url)))
    const { output, code } = await testInGuest(await debianKernel({ suite, flavour: '' }), paths, timeout)
    expect(code, output).toBe(0)
    // All of them, and none left out.
    expect(output).toMatch(new RegExp(`Test Files +${files.length} passed \\(${files.length}\\)`))
    expect(output).toMatch(/Tests +(\d+) passed \(\1\)/)
    console.log(output.slice(output.lastIndexOf('Test Files')))
  },
  timeout,
)

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCgroup } from '../../../socket/test/cgroup.js'
import { unprivilegedBpfDisabled } from '../../src/capabilities.js'
import { isAtLeast } from '../../src/kernel-version.js'
import { useBpffs } from '../support/bpffs.js'
import { useNamespace } from '../support/namespace.js'
import { objectFile } from '../support/objects.js'
import { bundleForEverybody } from './bundle-child.js'
import type { Outcome } from './child.js'
import { type Capability, lacking, operations, subsets } from './operations.js'
import { attemptWith, prepare } from './prepare.js'
import { table } from './table.js'

const page = fileURLToPath(new URL('../../../../docs/capabilities.md', import.meta.url))
const bpffs = useBpffs()
const namespace = useNamespace()
const other = useNamespace()

/** The capabilities as they are since a BPF token can stand for them; before, CAP_SYS_ADMIN was no substitute for making maps of devices. */
describe.runIf(isAtLeast('6.9'))('an ordinary user', () => {
  const outcomes: { readonly granted: readonly Capability[]; readonly results: readonly Outcome[] }[] = []

  beforeAll(async () => {
    using bundle = await bundleForEverybody(new URL('./child.ts', import.meta.url), objectFile('every-type'))
    await using cgroup = await makeCgroup()
    const places = { bundle, bpffs: bpffs.path, cgroup: cgroup.path, netns: namespace.path, otherNetns: other.path }
    using prepared = await prepare(places)
    // One after the other: they would be in each other's way on the interface.
    for (const granted of subsets()) {
      outcomes.push({ granted, results: await attemptWith(granted, namespace.path, bundle, prepared) })
    }
  }, 180_000)

  it.each(operations.map(({ call, of, needs }, index) => [[call, of].join(' ').trim(), needs, index] as const))(
    '%s: works with what it needs, and names what lacks',
    (_name, needs, index) => {
      const found = outcomes.map(({ granted, results }) => `with ${granted.join(' ')}: ${shown(results[index])}`)
      const expected = outcomes.map(({ granted, results }) => {
        const capability = lacking(needs, granted)
        const works = capability === undefined || (unlimited(capability) && results[index]?.ok)
        return `with ${granted.join(' ')}: ${works ? 'works' : `needs ${capability}`}`
      })
      expect(found).toEqual(expected)
      expect(found.join()).toContain(': works')
    },
  )
})

/** Where unprivileged BPF is allowed, some of what else takes CAP_BPF takes nothing. */
function unlimited(capability: Capability): boolean {
  return capability === 'CAP_BPF' && unprivilegedBpfDisabled() === 0
}

function shown(outcome: Outcome | undefined): string {
  if (outcome?.ok) return 'works'
  return outcome?.capability === undefined ? `fails: ${outcome?.message}` : `needs ${outcome.capability}`
}

it('the table of docs/capabilities.md is what is tested', () => {
  const text = readFileSync(page, 'utf8')
  const [before, , after] = text.split(/<!-- table -->\n/)
  const updated = [before, `\n${table(operations)}\n`, after].join('<!-- table -->\n')
  if (process.env.MILLRACE_UPDATE_DOCS !== undefined) writeFileSync(page, updated)
  else expect(text).toBe(updated)
})

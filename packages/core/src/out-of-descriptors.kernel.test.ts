import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useBpffs } from '../test/support/bpffs.js'
import { bundleEnvironment, useBundle } from '../test/support/bundle.js'
import { objectFile } from '../test/support/objects.js'

const bundle = useBundle()
const bpffs = useBpffs()

/** Each operation with no descriptor left, then with one, and so on until it succeeds; gives what the others threw. */
const script = () => `
  import { closeSync, openSync, readdirSync } from 'node:fs'
  import { load, loadSync, Program, RawMap } from ${JSON.stringify(bundle.esm)}
  const pinRoot = ${JSON.stringify(`${bpffs.path}/root`)}
  const object = loadSync(${JSON.stringify(objectFile('basic'))})
  object.programs.decide.pin(${JSON.stringify(`${bpffs.path}/decide`)})
  const operations = {
    load: () => load(${JSON.stringify(objectFile('pinned'))}, { pinRoot }),
    loadSync: () => loadSync(${JSON.stringify(objectFile('basic'))}),
    create: () => RawMap.create({ type: 'hash', name: 'm', keySize: 4, valueSize: 4, maxEntries: 1 }),
    open: () => Program.open(object.programs.decide.pinPath),
  }
  const refusals = []
  for (const [name, operation] of Object.entries(operations)) {
    const before = readdirSync('/proc/self/fd').length
    for (let left = 0, done = false; !done; left++) {
      const taken = []
      try {
        for (;;) taken.push(openSync('/dev/null'))
      } catch {}
      for (let i = 0; i < left; i++) closeSync(taken.pop())
      let made
      try {
        made = await operation()
        done = true
      } catch (error) {
        refusals.push([name, error.code, error.message.includes('EMFILE')])
      }
      for (const fd of taken) closeSync(fd)
      made?.close()
      const leaked = readdirSync('/proc/self/fd').length - before
      if (leaked !== 0) refusals.push([name, 'leaked', leaked])
    }
  }
  console.log(JSON.stringify(refusals))
  object.programs.decide.unpin()
  object.close()`

it('says so, and leaves nothing behind', () => {
  const node = [process.execPath, '--input-type=module', '--eval', script()]
  const output = execFileSync('prlimit', ['--nofile=128', ...node], { encoding: 'utf8', env: bundleEnvironment })
  const refusals: [string, string, unknown][] = JSON.parse(output)
  expect(refusals.filter(([, code]) => code !== 'ERR_KERNEL' && code !== 'ERR_OBJECT_FILE')).toEqual([])
  expect(refusals.filter(([, , isNamed]) => isNamed !== true)).toEqual([])
  expect(new Set(refusals.map(([name]) => name))).toEqual(new Set(['load', 'loadSync', 'create', 'open']))
  expect(readdirSync(`${bpffs.path}/root`).sort()).toEqual(['ports', 'sessions'])
})

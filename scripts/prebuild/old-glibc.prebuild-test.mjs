import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cached } from '../guest/cache.mjs'
import { fetchFromDebian } from '../lib/debian-archive.mjs'
import { root } from '../lib/paths.mjs'
import { run } from '../lib/run.mjs'
import { prebuiltFile } from './targets.mjs'

/** The oldest C library that Debian still has: 2.31. */
const bullseye = () =>
  cached('bullseye-libraries-x64', async (files, work) => {
    // By suite: apt would take the versions that are installed.
    const packages = ['libc6', 'libgcc-s1', 'libstdc++6'].map((name) => `${name}/bullseye`)
    const download = await fetchFromDebian(work, { suite: 'bullseye', packages })
    for (const archive of readdirSync(download)) await run('dpkg-deb', ['-x', join(download, archive), files])
  })

test('runs in the kernel with the C library of Debian 11', async () => {
  const libraries = await bullseye()
  const object = join(root, 'packages/core/test/generated/basic.bpf.o')
  const script = `
    import { load } from ${JSON.stringify(join(root, 'packages/core/dist/index.js'))}
    const object = await load(${JSON.stringify(object)})
    const { returnValue } = object.programs.decide.testRun({ data: new Uint8Array(64) })
    const seen = Number(object.variables.seen.get())
    object.close()
    console.log(JSON.stringify({ glibc: process.report.getReport().header.glibcVersionRuntime, returnValue, seen }))`
  const paths = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'].map((path) => join(libraries, path)).join(':')
  const loader = [join(libraries, 'lib/x86_64-linux-gnu/ld-2.31.so'), '--library-path', paths]
  const [program, ...args] = [...loader, process.execPath, '--input-type=module', '--eval', script]
  const { stdout } = await run(program, args, {
    env: { MILLRACE_NATIVE_BINDING: join(root, prebuiltFile('linux-x64-glibc')) },
  })
  expect(JSON.parse(stdout)).toEqual({ glibc: '2.31', returnValue: 2, seen: 1 })
})

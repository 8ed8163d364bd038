import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../lib/paths.mjs'
import { runOnArm64 } from './qemu.mjs'
import { prebuiltFile } from './targets.mjs'

// The kernel of this machine, without bpf(2): npm run test:kernels runs all of it, in a kernel for arm64.
const env = { MILLRACE_NATIVE_BINDING: join(root, prebuiltFile('linux-arm64-glibc')) }
const core = JSON.stringify(join(root, 'packages/core/dist/index.js'))
const object = JSON.stringify(join(root, 'packages/core/test/generated/basic.bpf.o'))

test('loads on arm64, and reads an object file as it is read here', async () => {
  const script = `
    import { createRequire } from 'node:module'
    import { readFileSync } from 'node:fs'
    const addon = createRequire(import.meta.url)(process.env.MILLRACE_NATIVE_BINDING)
    const { handle, image, ...rest } = addon.objectOpen(readFileSync(${object}), 'basic', {})
    console.log(JSON.stringify({ arch: process.arch, rest }))`
  const there = JSON.parse(await runOnArm64(script, { env }))
  const addon = createRequire(import.meta.url)(join(root, prebuiltFile('linux-x64-glibc')))
  const { handle, image, ...here } = addon.objectOpen(readFileSync(JSON.parse(object)), 'basic', {})
  expect(there).toEqual({ arch: 'arm64', rest: JSON.parse(JSON.stringify(here)) })
})

test('core finds it there, and tells what the kernel refuses', async () => {
  const script = `
    import { load, possibleCpus } from ${core}
    const refused = await load(${object}).catch((error) => error)
    console.log(JSON.stringify({ cpus: possibleCpus(), name: refused.name, errno: refused.errno }))`
  const { cpus, name, errno } = JSON.parse(await runOnArm64(script, { env }))
  expect(cpus).toBeGreaterThan(0)
  // The emulator has no bpf(2): ENOSYS came from the system call, through libbpf and the addon.
  expect({ name, errno }).toEqual({ name: 'KernelError', errno: 38 })
})

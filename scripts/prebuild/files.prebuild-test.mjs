import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../lib/paths.mjs'
import { run } from '../lib/run.mjs'
import { librariesFor } from './addon.mjs'
import { readElf } from './elf.mjs'
import { notices, noticesFile } from './notices.mjs'
import { sbomFile } from './sbom.mjs'
import { prebuiltFile, targets } from './targets.mjs'

const platforms = Object.keys(targets)
const contentOf = (platform) => readFileSync(join(root, prebuiltFile(platform)))

describe.each(platforms)('the addon for %s', (platform) => {
  const elf = readElf(contentOf(platform))

  test('is for that processor, and stripped', () => {
    expect(elf).toMatchObject({ machine: targets[platform].nodeArch, stripped: true })
  })

  test('needs nothing but the C library: no C++ runtime, no libbpf', () => {
    const ofGlibc = /^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|ld-linux-(x86-64\.so\.2|aarch64\.so\.1))$/
    expect(elf.libraries).toContain('libc.so.6')
    expect(elf.libraries.filter((name) => !ofGlibc.test(name))).toEqual([])
  })

  test('needs glibc 2.28 at most', () => {
    const tooNew = elf.versions.filter((name) => {
      const [, major, minor] = /^GLIBC_(\d+)\.(\d+)/.exec(name) ?? []
      return major === undefined || major > 2 || minor > 28
    })
    expect(elf.versions).toContain(platform.includes('arm64') ? 'GLIBC_2.17' : 'GLIBC_2.2.5')
    expect(tooNew).toEqual([])
  })

  test('gives Node.js what it looks up, and nothing else', () => {
    expect(elf.exports.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1'])
  })
})

test('the package has all of it, in at most 3 MB', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: join(root, 'packages/core') })
  const [{ files, unpackedSize }] = JSON.parse(stdout)
  const wanted = ['LICENSE', 'THIRD-PARTY-NOTICES.md', 'sbom.cdx.json']
  const addons = platforms.map((platform) => `prebuilds/${platform}/millrace.node`)
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining([...wanted, ...addons]))
  expect(files.map(({ path }) => path).filter((path) => path.startsWith('prebuilds/'))).toHaveLength(addons.length)
  expect(unpackedSize).toBeLessThanOrEqual(3_000_000)
})

test('an addon takes less than 1.5 MB', () => {
  for (const platform of platforms) expect(contentOf(platform).length).toBeLessThan(1_500_000)
})

test('the notices are those of the sources that the addons were built from', async () => {
  for (const platform of platforms)
    expect(readFileSync(join(root, noticesFile), 'utf8')).toBe(await notices(platform, () => {}))
})

test('every licence has its text in the notices', () => {
  const text = readFileSync(join(root, noticesFile), 'utf8')
  const words = [
    'Redistribution and use in source and binary forms',
    'GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007',
    'GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007',
    "This software is provided 'as-is', without any express or implied",
    'LLVM Exceptions to the Apache 2.0 License',
    'The MIT License',
  ]
  expect(words.filter((word) => !text.includes(word))).toEqual([])
})

describe('the bill of materials', () => {
  const sbom = JSON.parse(readFileSync(join(root, sbomFile), 'utf8'))
  const component = (name) => sbom.components.find((it) => it.name === name)

  test('is of this version of core', () => {
    const { name, version } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'))
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name, version } },
    })
  })

  test('has each addon as it is', () => {
    for (const platform of platforms) {
      const content = createHash('sha256').update(contentOf(platform)).digest('hex')
      expect(component(`prebuilds/${platform}/millrace.node`)?.hashes).toEqual([{ alg: 'SHA-256', content }])
    }
  })

  test('has the versions that were built, for every platform', async () => {
    for (const platform of platforms) {
      const versions = JSON.parse(readFileSync(join(await librariesFor(platform), 'versions.json'), 'utf8'))
      expect(versions.map(({ name }) => name)).toEqual(['libbpf', 'elfutils', 'zlib'])
      for (const { name, version, sha256 } of versions) {
        expect(component(name)).toMatchObject({ version })
        expect(component(name).properties).toContainEqual({ name: 'millrace:source:sha256', value: sha256 })
      }
    }
  })

  test('names everything once, says of what licence it is, and refers to nothing else', () => {
    const references = [sbom.metadata.component, ...sbom.components].map((it) => it['bom-ref'])
    expect(new Set(references).size).toBe(references.length)
    for (const { ref, dependsOn } of sbom.dependencies)
      expect(references).toEqual(expect.arrayContaining([ref, ...dependsOn]))
    for (const { type, licenses, version, purl } of sbom.components) {
      if (type === 'file') continue
      expect(licenses?.[0]?.expression ?? licenses?.[0]?.license?.id).toMatch(/^[\w. -]+$/)
      expect(purl).toMatch(new RegExp(`^pkg:(deb|generic|npm)/.+@.*${version}`))
    }
  })
})

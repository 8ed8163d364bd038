import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/paths.mjs'
import { librariesFor } from './addon.mjs'
import { zig } from './zig.mjs'

const read = (...path) => readFileSync(join(...path), 'utf8')

/** How each source package of Debian is used, and the licence that is taken where it offers several. */
const fromDebian = {
  libbpf: {
    title: 'libbpf, with the security fixes of Debian',
    licence: 'BSD-2-Clause',
    offered: 'LGPL-2.1-only OR BSD-2-Clause',
    texts: ['libbpf.txt'],
  },
  elfutils: {
    title: 'libelf, of elfutils',
    licence: 'LGPL-3.0-or-later',
    offered: 'GPL-2.0-or-later OR LGPL-3.0-or-later',
    texts: ['elfutils.txt', 'elfutils-gpl-3.txt'],
  },
  zlib: { title: 'zlib', licence: 'Zlib', offered: 'Zlib', texts: ['zlib.txt'] },
}

/** libc++'s number for itself: 210100 is 21.1.0. */
function llvmVersion(library) {
  const number = Number(/define _LIBCPP_VERSION (\d+)/.exec(read(library, 'libcxx/include/__config'))[1])
  return [number / 10000, (number / 100) % 100, number % 100].map(Math.floor).join('.')
}

/**
 * All that is inside the addon and not ours, as facts of the sources that it was built from. `texts` are the licences' own
 * words; `source` is the archive of its authors, with Debian's version of it.
 */
export async function components(platform, note) {
  const prefix = await librariesFor(platform, note)
  const { library } = await zig(note)
  const addonApi = join(root, 'packages/core/node_modules/node-addon-api')
  return [
    ...JSON.parse(read(prefix, 'versions.json')).map(({ name, version, ...source }) => {
      const { texts, ...facts } = fromDebian[name]
      return {
        ...{ name, version, ...facts, source },
        purl: `pkg:deb/debian/${name}@${source.debian.replaceAll(':', '%3A').replaceAll('+', '%2B')}?arch=source`,
        texts: texts.map((file) => read(prefix, 'licenses', file)),
      }
    }),
    ...['libcxx', 'libcxxabi', 'libunwind'].map((name) => ({
      ...{ name, title: `${name}, of LLVM`, version: llvmVersion(library) },
      ...{ licence: 'Apache-2.0 WITH LLVM-exception', offered: 'Apache-2.0 WITH LLVM-exception' },
      purl: `pkg:generic/llvm-${name}@${llvmVersion(library)}`,
      texts: [read(library, name, 'LICENSE.TXT')],
    })),
    {
      ...{ name: 'node-addon-api', title: 'node-addon-api', licence: 'MIT', offered: 'MIT' },
      version: JSON.parse(read(addonApi, 'package.json')).version,
      purl: `pkg:npm/node-addon-api@${JSON.parse(read(addonApi, 'package.json')).version}`,
      texts: [read(addonApi, 'LICENSE.md')],
    },
  ]
}

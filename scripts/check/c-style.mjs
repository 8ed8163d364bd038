import { bpfSources } from '../lib/bpf-sources.mjs'
import { bpfFlags, nativePrefix } from '../lib/clang.mjs'
import { inParallel, Refusal, run } from '../lib/run.mjs'
import { filesBelow, hashOf, unlessCurrent } from '../lib/stamp.mjs'

export const cSources = (pattern = /\.(c|h|cc)$/) =>
  ['bpf', 'packages', 'examples', 'bench'].flatMap((folder) => filesBelow(folder, (file) => pattern.test(file)))

/** Layout of all C and C++. */
export async function format() {
  await run('clang-format-19', ['--dry-run', '-Werror', ...cSources()])
}

/**
 * clang-tidy over what runs in the kernel and over the addon; headers are seen through what includes them. It takes seconds
 * a file, so a file is looked at again only when it, a header or a rule has changed.
 */
export async function tidy() {
  const prefix = await nativePrefix()
  const flags = bpfFlags(prefix)
  const around = (...files) => hashOf([...files, '.clang-tidy'], flags)
  const addonRules = around(...cSources(/^packages\/core\/native\/.*\.h$/), 'packages/core/CMakeLists.txt')
  const kernelRules = around(...cSources(/(?<!native\/.*)\.h$/))
  const units = [
    ...cSources(/^packages\/core\/native\/.*\.cc$/).map((source) => [addonRules, source, '-p', 'packages/core/build']),
    ...bpfSources().map(({ source }) => [kernelRules, source, '--', ...flags]),
  ]
  const findings = await inParallel(units, ([rules, source, ...options]) =>
    unlessCurrent(`tidy/${source}`, hashOf([source], rules), [], () =>
      run('clang-tidy-19', ['--quiet', source, ...options]),
    ).then(
      () => '',
      (error) => error.output,
    ),
  )
  const text = findings.filter(Boolean).join('\n')
  if (text) throw new Refusal(text)
}

import { join } from 'node:path'
import { nativePrefix, usesSystemLibbpf } from '../lib/clang.mjs'
import { root } from '../lib/paths.mjs'
import { run } from '../lib/run.mjs'
import { filesBelow, hashOf, unlessCurrent } from '../lib/stamp.mjs'

/** The native addon of @millrace/core. */
export async function addon(note) {
  const prefix = await nativePrefix()
  const inputs = [...filesBelow('packages/core/native'), 'packages/core/CMakeLists.txt', 'pnpm-lock.yaml']
  return unlessCurrent('addon', hashOf(inputs, prefix), ['packages/core/build/Release/millrace.node'], async () => {
    note('compiling the native addon')
    const cmake = (command, ...options) =>
      run(join(root, 'packages/core/node_modules/.bin/cmake-js'), [command, ...options], {
        cwd: join(root, 'packages/core'),
        log: `addon-${command}`,
      })
    // The compile commands are for clang-tidy and editors.
    const options = ['--CDCMAKE_EXPORT_COMPILE_COMMANDS=ON']
    if (usesSystemLibbpf) options.push('--CDMILLRACE_SYSTEM_LIBBPF=ON')
    // A build alone would keep the options it was first configured with.
    await cmake('configure', ...options)
    await cmake('build', '--parallel', '2')
  })
}

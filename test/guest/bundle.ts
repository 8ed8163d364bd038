import { copyFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where a process that is not vitest finds the addon. */
export const addon = join(root, 'packages/core/build/Release/millrace.node')

/**
 * Makes one file of each entry and all that it imports, for processes that are not vitest, and for machines that would take long
 * to do so themselves. Object files are put beside them, which is where generated modules look.
 */
export async function bundle(entries: readonly string[], folder: string): Promise<void> {
  // Not before it is needed: a guest has no need of it, and would take long to load it.
  const { build } = await import('tsup')
  await build({
    config: false,
    entry: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
    format: ['esm'],
    target: 'node20',
    tsconfig: join(root, 'tsconfig.json'),
    // To the sources, by the paths of tsconfig.json.
    noExternal: [/^@millrace\//],
    external: ['vitest', 'tsup', 'typescript'],
    splitting: false,
    silent: true,
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
  })
  const objects = new Set([...entries.map(dirname).flatMap(generatedBeside), ...known])
  for (const from of objects) {
    for (const name of objectsIn(from)) copyFileSync(join(from, name), join(folder, name))
  }
}

/** For a test in `src`, those of its package's `test`, too. */
const generatedBeside = (folder: string) => [join(folder, 'generated'), join(folder, '../test/generated')]

const known = ['src/generated', 'test/generated'].map((name) => join(root, 'packages/dispatcher', name))

function objectsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.bpf.o'))
  } catch {
    return []
  }
}

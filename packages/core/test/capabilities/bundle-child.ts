import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { bundleEnvironment } from '../support/bundle.js'
import { bundleScript } from '../support/script.js'

/** What {@link bundleForEverybody} makes. */
export interface Bundle extends Disposable {
  readonly folder: string
  readonly script: string
  readonly object: string
  readonly env: NodeJS.ProcessEnv
}

/** A script with all that it imports, the addon and an object file, where every user can read them. */
export async function bundleForEverybody(source: URL, object: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-everybody-'))
  chmodSync(folder, 0o755)
  const addon = join(folder, 'millrace.node')
  const script = await bundleScript(source, folder)
  copyFileSync(bundleEnvironment.MILLRACE_NATIVE_BINDING, addon)
  copyFileSync(object, join(folder, basename(object)))
  return {
    folder,
    script,
    object: join(folder, basename(object)),
    env: { ...process.env, MILLRACE_NATIVE_BINDING: addon },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of the file that this code is in: `dist` of the package, or wherever a bundler put it. Among the sources it is as far
 * below the package's root, and so this file has to stay where it is.
 */
export function ownFolder(): string {
  // A bundle in CommonJS has no import.meta.url, and an ES module no __dirname.
  const url: string | undefined = import.meta.url
  if (url?.startsWith('file:')) return dirname(fileURLToPath(url))
  return typeof __dirname === 'string' ? __dirname : process.cwd()
}

/** Whether this code still lies in its package. */
export function isInPackage(): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(ownFolder(), '../package.json'), 'utf8'))
    return name === '@millrace/core'
  } catch {
    return false
  }
}

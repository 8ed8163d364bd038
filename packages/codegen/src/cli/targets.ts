import { statSync } from 'node:fs'
import path from 'node:path'
import { type Arguments, UsageError } from './arguments.js'

/** An object file and the module that is to be written for it. */
export interface Target {
  readonly input: string
  /** `-` is standard output */
  readonly output: string
  /** of the object file, seen from the module */
  readonly url: string
}

export function targetsOf({ inputs, output }: Arguments): Target[] {
  const isFolder = output !== undefined && statSync(output, { throwIfNoEntry: false })?.isDirectory() === true
  if (inputs.length > 1 && output !== undefined && !isFolder) {
    throw new UsageError(
      `${inputs.length} object files need an existing folder to be written to, and ${output} is none`,
    )
  }
  return inputs.map((input) => {
    const module = `${input.replace(/\.o$/, '')}.ts`
    if (output === '-') return { input, output, url: relativeUrl(path.dirname(input), input) }
    const target = isFolder ? path.join(output, path.basename(module)) : (output ?? module)
    return { input, output: target, url: relativeUrl(path.dirname(target), input) }
  })
}

function relativeUrl(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).map(encodeURIComponent).join('/')
  return relative.startsWith('..') ? relative : `./${relative}`
}

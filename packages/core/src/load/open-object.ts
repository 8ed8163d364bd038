import type { Binding, NativeObject } from '../binding.js'
import { ObjectFileError } from '../errors/index.js'
import { explain } from '../explain.js'
import type { ObjectSpec } from '../spec.js'
import { lastWords } from './load-error.js'
import type { LoadOptions } from './load-options.js'
import { checkReadable, type UnreadFile } from './source.js'

type OpenOptions = Pick<LoadOptions<ObjectSpec, string>, 'pinRoot' | 'btf' | 'logLevel'>

/** Has libbpf read an object file: nothing of it reaches the kernel yet. */
export function openObject(native: Binding, from: UnreadFile, { pinRoot, btf, logLevel }: OpenOptions): NativeObject {
  const { file, name, bytes } = from
  const opened = native.objectOpen(bytes ?? file, name, { pinRoot, btfPath: btf, kernelLogLevel: logLevel })
  if (!('errno' in opened)) return opened
  const reason = lastWords(opened.log)
  if (reason === '' && bytes === undefined) checkReadable(from)
  if (reason === '') throw explain({ operation: `open ${file}`, errno: opened.errno })
  const hint = /BTF is required/.test(reason) ? ' Compile it with clang -g, and do not strip it.' : ''
  throw new ObjectFileError({ file, reason: reason + hint, log: opened.log })
}

import { fileURLToPath } from 'node:url'
import type { Program } from '@millrace/core'
import { loadAgain, nativeBinding } from '@millrace/core/internal'
import { loadDispatcher } from './build.js'
import { dispatcher as spec } from './generated/dispatcher.bpf.js'
import { goOnMask } from './go-on.js'
import { mapsRefused } from './maps-of-programs.js'
import { unsupported } from './refusal.js'

/** A program in the form in which dispatchers run it, and what it needs to stay open. */
export interface Extension extends Disposable {
  readonly program: Program<'ext'>
  close(): void
}

/**
 * Loads a program once more, in the form in which dispatchers run it, with the same maps. It is verified for the slot of a
 * dispatcher that nobody uses, and may go into a slot of any other from then on.
 *
 * @throws UnsupportedKernelError when the kernel knows no such programs, or not with maps of programs that XDP programs have
 * @throws VerifierError when it has something against this one: it returns no int, or its argument is no `struct xdp_md *`
 */
export function loadExtension(program: Program<'xdp'>): Extension {
  using template = loadDispatcher([{ priority: 0, goOn: goOnMask([]), frags: false }])
  const target = { program: template.programs.xdpDispatcher, function: 'prog0' }
  try {
    return loadAgain(program, { extends: target })
  } catch (error) {
    const code = probe(target.program)
    if (code !== 0) throw unsupported(code, error)
    throw mapsRefused(program, target, error) ?? error
  }
}

/** Whether the kernel takes a program that nothing is wrong with: 0, or the errno. */
function probe(target: Program): number {
  const native = nativeBinding()
  const opened = native.objectOpen(fileURLToPath(spec.file), 'probe', {})
  if ('errno' in opened) return 0
  try {
    const { name } = spec.programs.xdpDispatcher
    const result = native.objectSetProgram(opened.handle, name, {
      extends: { program: target.handle, function: 'prog0' },
    })
    if (result < 0) return result
    const loaded = native.objectLoadSync(opened.handle)
    if ('errno' in loaded) return loaded.errno
    for (const handle of [...Object.values(loaded.maps), ...Object.values(loaded.programs)]) native.close(handle)
    return 0
  } finally {
    native.close(opened.handle)
  }
}

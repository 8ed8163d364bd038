import { type Program, UnsupportedKernelError } from '@millrace/core'
import { loadAgain, originOf, runningKernel } from '@millrace/core/internal'

/** Maps whose entries are programs, or may have one. The kernel notes for each which kind of program it belongs to. */
const types: ReadonlySet<string> = new Set(['prog_array', 'devmap', 'devmap_hash', 'cpumap'])

/**
 * Why a program that is fine otherwise was refused for a slot: it shares a map of programs with the XDP program that it was loaded
 * as. The map belongs to the kind of program that came first, and for the kernel a program in a slot is of another:
 * before Linux 6.2 by its type, and since 6.18, and in stable kernels that have that fix (CVE-2025-40123), by its attach type, which is
 * 0 where that of section `xdp` is BPF_XDP; the latter goes for program arrays alone.
 * The kernel says only EINVAL, so it is asked whether it takes the program with maps of its own.
 *
 * @param target - what the program was to replace
 * @returns undefined when that is not the reason
 */
export function mapsRefused(
  program: Program<'xdp'>,
  target: { readonly program: Program; readonly function: string },
  cause: unknown,
): UnsupportedKernelError | undefined {
  const maps = mapsOfPrograms(program)
  if (maps.length === 0 || !takesIt(program, target, maps)) return undefined
  return new UnsupportedKernelError({
    feature: `program in a slot that shares ${maps.join(' and ')} with an XDP program (${program.name})`,
    running: runningKernel(),
    hint:
      'program arrays, device and CPU maps belong to one kind of program, and what is in a slot is of another; ' +
      'run it alone: attachXdp of @millrace/xdp, or a chain of @millrace/chain',
    cause,
  })
}

/** By their C names, those that the program uses. */
function mapsOfPrograms(program: Program): string[] {
  const used = new Set(program.info().mapIds)
  const maps = [...(originOf(program)?.maps ?? [])]
  return maps.filter(([, map]) => used.has(map.id) && types.has(map.type)).map(([name]) => name)
}

function takesIt(
  program: Program<'xdp'>,
  target: { readonly program: Program; readonly function: string },
  own: readonly string[],
): boolean {
  try {
    loadAgain(program, { extends: target, own }).close()
    return true
  } catch {
    return false
  }
}

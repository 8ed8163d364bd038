import { ArgumentError, ClosedError, Program } from '@millrace/core'
import { checkBoolean, checkOneOf, checkOptions, type Interface, resolveInterface } from '@millrace/core/internal'
import type { XdpMechanism } from './mechanism.js'
import type { XdpMode } from './mode.js'

/** Options of {@link attachXdp}. */
export interface AttachXdpOptions {
  /** where on the receive path; `auto`, the default, is native where the driver can and generic where not */
  readonly mode?: XdpMode | 'auto' | undefined
  /** `auto`, the default, is a link, and netlink where the kernel gives none (before Linux 5.9) */
  readonly mechanism?: XdpMechanism | 'auto' | undefined
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /** take the hook over from the program that has it, atomically; default false: then it is an {@link AttachBusyError} */
  readonly replace?: boolean | undefined
  /** take the hook over, but only from this program: any other, or none, is an {@link UnexpectedProgramError} */
  readonly expectedOld?: Program<'xdp'> | undefined
  /** demand a program that was written for packets in several buffers (section `xdp.frags`, Linux 5.18), as jumbo frames need */
  readonly frags?: boolean | undefined
}

/** What {@link attachXdp} was asked for, checked. */
export interface AttachRequest {
  readonly program: Program<'xdp'>
  readonly iface: Interface
  readonly mode: XdpMode | 'auto'
  readonly mechanism: XdpMechanism | 'auto'
  readonly replace: boolean
  readonly expectedOld: Program<'xdp'> | undefined
}

const known = ['mode', 'mechanism', 'netns', 'replace', 'expectedOld', 'frags']

export function checkRequest(
  program: Program<'xdp'>,
  iface: string | number,
  options: AttachXdpOptions,
): AttachRequest {
  checkProgram('program', program)
  checkOptions('options', options, known)
  const { mode = 'auto', mechanism = 'auto', netns, replace = false, expectedOld, frags = false } = options
  if (expectedOld !== undefined) checkProgram('options.expectedOld', expectedOld)
  if (checkBoolean('options.frags', frags)) checkFrags(program)
  return {
    program,
    mode: checkOneOf('options.mode', mode, ['auto', 'native', 'generic', 'offload']),
    mechanism: checkOneOf('options.mechanism', mechanism, ['auto', 'link', 'netlink']),
    replace: checkBoolean('options.replace', replace),
    expectedOld,
    iface: resolveInterface(iface, netns),
  }
}

/** The compiler has checked its type, for those who use it. */
export function checkProgram(argument: string, program: Program<'xdp'>): void {
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: 'a loaded or opened Program of type xdp' })
  }
  if (program.type !== 'xdp') {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: 'xdp' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
  checkPlace(argument, program)
}

/** The maps that run XDP programs, by the last word of their sections. */
const places: ReadonlyMap<string, string> = new Map([
  ['devmap', 'a DevMap or DevMapHash of @millrace/maps, which runs it before packets leave'],
  ['cpumap', 'a CpuMap of @millrace/maps, which runs it on the processor that packets are sent to'],
])

/** The kernel runs a program where it was loaded for. Of one that was opened it alone knows where. */
function checkPlace(argument: string, { section }: Program): void {
  const place = places.get(section?.split('/')[1] ?? '')
  if (place === undefined) return
  const expected = `xdp, or xdp.frags, for a program on an interface: this one is for ${place}`
  throw new ArgumentError({ argument: `${argument}.section`, value: section, expected })
}

/** A program that was opened and not loaded here does not tell its section: the kernel will. */
function checkFrags({ section }: Program): void {
  if (section === undefined || section === 'xdp.frags' || section.startsWith('xdp.frags/')) return
  throw new ArgumentError({
    argument: 'program.section',
    value: section,
    expected:
      'xdp.frags, since options.frags asks for a program that takes packets in several buffers: use SEC("xdp.frags")',
  })
}

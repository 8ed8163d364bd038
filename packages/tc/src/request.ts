import { ArgumentError, type Program } from '@millrace/core'
import { checkInteger, checkOneOf, checkOptions, checkString, resolveInterface } from '@millrace/core/internal'
import { checkProgram } from './check-program.js'
import { FILTER_NAME_LENGTH, filterName, type Mark } from './mark.js'
import type { AttachTcOptions } from './options.js'
import { checkOrder } from './order.js'
import { checkPinRoot, DEFAULT_PIN_ROOT } from './pins.js'
import type { PlaceRequest } from './place.js'
import { type Site, tcSite } from './site.js'

/** What {@link attachTc} was asked for, checked. */
export interface TcRequest extends PlaceRequest {
  readonly site: Site
}

const known = [
  'direction',
  'order',
  'mechanism',
  'netns',
  'expectedRevision',
  'name',
  'priority',
  'pinRoot',
] as const satisfies (keyof AttachTcOptions)[]

/** What u64 of the kernel takes, and 0 would not be compared. */
const LARGEST_REVISION = 0xffff_ffff_ffff_ffffn

export function checkRequest(
  program: Program<'sched_cls'>,
  iface: string | number,
  options: AttachTcOptions,
): TcRequest {
  checkProgram('program', program)
  checkOptions('options', options, known)
  const { direction, order = 'last', netns, name = program.name, pinRoot = DEFAULT_PIN_ROOT } = options
  const side = checkOneOf('options.direction', direction, ['ingress', 'egress'])
  return {
    program,
    order: checkOrder('options.order', order),
    mechanism: checkMechanism(options.mechanism),
    expectedRevision: checkRevision(options.expectedRevision),
    mark: checkMark({ name: checkString('options.name', name), pinRoot: undefined }),
    priority: checkPriority(options),
    site: tcSite({ direction: side, interface: resolveInterface(iface, netns) }, checkPinRoot(pinRoot)),
  }
}

export function checkMechanism(value: unknown): 'auto' | 'tcx' | 'clsact' {
  return value === undefined ? 'auto' : checkOneOf('options.mechanism', value, ['auto', 'tcx', 'clsact'])
}

export function checkRevision(value: unknown): bigint | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'bigint' && value > 0n && value <= LARGEST_REVISION) return value
  throw new ArgumentError({
    argument: 'options.expectedRevision',
    value,
    expected: 'a revision that queryTc has told, a bigint above 0n',
  })
}

/** Its text has to fit into a filter's name. */
export function checkMark(mark: Mark): Mark {
  const length = Buffer.byteLength(filterName(mark))
  // The NUL byte, and the one that says who made the qdisc.
  const most = FILTER_NAME_LENGTH - 2
  if (length <= most) return mark
  const expected = `shorter: as a filter's name, with ours in front of it, it takes ${length} bytes of ${most}`
  throw new ArgumentError({ argument: 'options.name', value: mark.name, expected })
}

function checkPriority({ priority, mechanism, order }: AttachTcOptions): number | undefined {
  if (priority === undefined) return undefined
  const argument = 'options.priority'
  const value = checkInteger(argument, priority, 1, 0xffff)
  if (mechanism !== 'clsact') {
    throw new ArgumentError({
      argument,
      value,
      expected: "none unless options.mechanism is 'clsact': TCX has no priorities",
    })
  }
  if (order !== undefined) {
    throw new ArgumentError({ argument, value, expected: 'none beside options.order: both say where it is to stand' })
  }
  return value
}

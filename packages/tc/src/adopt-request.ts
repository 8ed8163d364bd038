import { ArgumentError, type Program } from '@millrace/core'
import { checkOneOf, checkOptions, checkString, resolveInterface } from '@millrace/core/internal'
import { checkProgram } from './check-program.js'
import type { TcDirection } from './hook.js'
import type { Order } from './options.js'
import { type CheckedOrder, checkOrder } from './order.js'
import { checkPinRoot, DEFAULT_PIN_ROOT } from './pins.js'
import type { PlaceRequest } from './place.js'
import { checkMark, checkMechanism } from './request.js'
import { type Site, tcSite } from './site.js'

/**
 * An {@link Order} without `replace`: {@link adoptTc} replaces what has its own name.
 *
 * @example
 * ```ts
 * import type { AdoptOrder } from '@millrace/tc'
 *
 * const orders: readonly AdoptOrder[] = ['first', { after: { name: 'firewall' } }]
 * ```
 */
export type AdoptOrder = Extract<Order, string | { readonly before: unknown } | { readonly after: unknown }>

/** Options of {@link adoptTc}. */
export interface AdoptTcOptions {
  readonly direction: TcDirection
  /** what it is found by; letters, digits, `_` and `-`, at most 64, unique for the hook and the pin root */
  readonly name: string
  /** where among the others, when nothing stands there under this name yet; default `last` */
  readonly order?: AdoptOrder | undefined
  /**
   * `auto`, the default, is the one by which it is found, else as with {@link attachTc}; one that is named moves it: it is
   * attached there before it is removed here
   */
  readonly mechanism?: 'auto' | 'tcx' | 'clsact' | undefined
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /**
   * folder on a bpf filesystem, made when it is missing; default `/sys/fs/bpf/millrace`. It stands for the owner: who uses another
   * root does not see what is adopted under this one
   */
  readonly pinRoot?: string | undefined
}

/** What {@link adoptTc} was asked for, checked. */
export interface AdoptRequest extends PlaceRequest {
  readonly site: Site
  readonly direction: TcDirection
  readonly pinRoot: string
}

const known = [
  'direction',
  'name',
  'order',
  'mechanism',
  'netns',
  'pinRoot',
] as const satisfies (keyof AdoptTcOptions)[]

/** What a bpf filesystem and our own marks take. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/

export function checkAdoptRequest(
  program: Program<'sched_cls'>,
  iface: string | number,
  options: AdoptTcOptions,
): AdoptRequest {
  checkProgram('program', program)
  checkOptions('options', options, known)
  const { order = 'last', netns, pinRoot: root = DEFAULT_PIN_ROOT } = options
  const pinRoot = checkPinRoot(root)
  const name = checkName(options.name)
  const direction = checkOneOf('options.direction', options.direction, ['ingress', 'egress'])
  return {
    program,
    direction,
    pinRoot,
    order: checkAdoptOrder(order),
    mechanism: checkMechanism(options.mechanism),
    expectedRevision: undefined,
    mark: checkMark({ name, pinRoot }),
    priority: undefined,
    site: tcSite({ direction, interface: resolveInterface(iface, netns) }, pinRoot),
  }
}

function checkName(value: unknown): string {
  const argument = 'options.name'
  const name = checkString(argument, value)
  if (NAME.test(name)) return name
  throw new ArgumentError({ argument, value, expected: '1 to 64 letters, digits, _ and -' })
}

/** What bears the name is what is replaced. */
function checkAdoptOrder(order: Order): CheckedOrder {
  const checked = checkOrder('options.order', order)
  if (checked.at !== 'replace') return checked
  throw new ArgumentError({
    argument: 'options.order',
    value: order,
    expected: 'first, last, before or after: adoptTc replaces what has its own name',
  })
}

import type { TcDirection } from './hook.js'

/** Something that `purgeTc` has removed. */
export interface PurgedTc {
  /** a link with its pin, a clsact filter, the clsact qdisc itself, or a pin that held nothing any more */
  readonly what: 'link' | 'filter' | 'qdisc' | 'pin'
  /** undefined: in a namespace that was not looked into, or gone */
  readonly interface: string | undefined
  /** undefined: of a qdisc, or as with `interface` */
  readonly direction: TcDirection | undefined
  /** under which it was attached; undefined: of a qdisc */
  readonly name: string | undefined
}

import { NOISY } from './network.js'
import type { Rig } from './rig.js'

/** A step of the script: changes the chain and says what was done. */
export type Step = (rig: Rig<'xdp'> | Rig<'tc'>) => string

/** What is done to the chain one after the other: inserted, swapped, reordered, removed. */
export const STEPS: readonly Step[] = [
  (rig) => rig.insert('parser'),
  (rig) => rig.insert('counter'),
  (rig) => `${rig.insert('firewall')}: ${NOISY} is blocked`,
  (rig) => rig.insert('limiter'),
  (rig) => rig.swap('firewall'),
  (rig) => rig.moveFirst('counter'),
  (rig) => rig.reverse(),
  (rig) => rig.restore(),
  (rig) => `${rig.remove('firewall')}: ${NOISY} meets the limiter`,
  (rig) => rig.remove('counter'),
]

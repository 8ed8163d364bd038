import type { State } from './state.js'

/** Four stages at work, in the middle of a run. */
export const RUNNING: State = {
  elapsed: 7.2,
  seconds: 16,
  chain: { hook: 'xdp native', mechanism: 'link', interface: 'clients0' },
  stages: [
    { name: 'parser', version: 1, packets: 812_345, perSecond: 91_200, dropped: 0, missed: 0, history: [1, 5, 9] },
    { name: 'firewall', version: 2, packets: 650_001, perSecond: 91_200, dropped: 9_100, missed: 0, history: [2, 4] },
    { name: 'counter', version: 1, packets: 640_901, perSecond: 89_100, dropped: 0, missed: 0, history: [3, 3, 3] },
    { name: 'limiter', version: 1, packets: 512_345, perSecond: 89_100, dropped: 12, missed: 0, history: [] },
  ],
  event: 'firewall swapped for version 2',
  changes: { count: 5, medianMicros: 812, longestMicros: 9_400 },
  requests: { answered: 1_234, failed: 0, perSecond: 171 },
  probes: { sent: 1_440, arrived: 1_439, lost: 0 },
  noise: { sent: 14_400, arrived: 3_210 },
}

import type { State } from './state.js'

/** The middle of a run: the client is blocked and the program has been replaced. */
export const BLOCKED: State = {
  elapsed: 7.34,
  seconds: 12,
  phase: 'replace',
  attachment: { interface: 'clients0', mode: 'native', mechanism: 'link' },
  program: { name: 'firewall', version: 2, id: 4_242 },
  client: { address: '192.0.2.10', isBlocked: true },
  server: { address: '198.51.100.10', port: 8080 },
  requests: { answered: 1_523, failed: 18, perSecond: 48 },
  allowed: { answered: 801, failed: 0, longestGap: 21.4 },
  passed: { packets: 48_233, perSecond: 310 },
  dropped: { packets: 41_077, perSecond: 10_021 },
  rules: [
    { source: '192.0.2.53/32', verdict: 'pass', packets: 3_220, bytes: 411_902, perSecond: 310 },
    { source: '192.0.2.0/24', verdict: 'drop', packets: 41_077, bytes: 2_875_390, perSecond: 10_021 },
    { source: 'everything else', verdict: 'pass', packets: 45_013, bytes: 5_122_930, perSecond: 0 },
  ],
  drops: {
    events: 12_004,
    overruns: 0,
    latest: Array.from({ length: 20 }, (_, index) => ({
      at: 7 + index / 100,
      source: '192.0.2.10',
      destination: '198.51.100.10:9000',
      protocol: 'udp',
      reason: 'blocked',
      version: 2,
      events: 2_513,
    })),
  },
  replaced: { count: 64, medianMicros: 38, longestMicros: 911 },
  unfiltered: 0,
  history: {
    requests: [0, 310, 420, 430, 425, 431, 420, 428, 430, 60, 48, 51, 48, 49, 50, 48],
    passed: [0, 9_000, 11_200, 11_300, 11_250, 11_310, 11_200, 11_280, 11_300, 700, 310, 320, 310, 310, 300, 310],
    dropped: [0, 0, 0, 0, 0, 0, 0, 0, 0, 9_700, 10_021, 10_020, 10_000, 10_020, 10_021, 10_000],
  },
}

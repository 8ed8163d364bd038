// One run of the service chain example: prints {"row": figure}.
import { execFileSync } from 'node:child_process'

const [main, hook, changes] = process.argv.slice(2)
const seconds = '12'
const options = ['--json', '--seconds', seconds, '--hook', hook, '--changes', changes]
const summary = JSON.parse(execFileSync(process.execPath, [main, ...options], { encoding: 'utf8' }))
const { transfer, requests, probes, resets, missed } = summary
console.log(
  JSON.stringify({
    'iperf3, Gbit/s': transfer.bitsPerSecond / 1e9,
    'iperf3, segments sent again': transfer.retransmits,
    'TCP connections reset': resets + (transfer.error === null ? 0 : 1),
    'HTTP requests answered': requests.answered,
    'HTTP requests failed': requests.failed,
    'probes sent': probes.sent,
    'probes lost': probes.lost,
    'packets that missed a stage': missed,
    ...(changes === '0' ? {} : { changes: summary.changes.count, 'a change, µs': summary.changes.medianMicros }),
  }),
)

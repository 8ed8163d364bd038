import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { footprintOf, remains } from '../../common/test/footprint.js'
import { startProgram } from '../../common/test/start-program.js'
import type { Summary } from './summary.js'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
if (!existsSync(main)) throw new Error('build the example first: npm run build')

const start = (...args: readonly string[]) => startProgram(process.execPath, [main, ...args])

describe('a run', () => {
  it.each([
    ['xdp', { hook: 'xdp native', mechanism: 'link', interface: 'clients0' }],
    ['tc', { hook: 'tc', mechanism: 'tcx', interface: 'clients0' }],
    ['clsact', { hook: 'tc', mechanism: 'clsact', interface: 'clients0' }],
  ])('on %s loses nothing', { timeout: 90_000 }, async (hook, chain) => {
    const { stdout, stderr, code } = await start('--json', '--seconds', '6', '--hook', hook).done
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const summary = JSON.parse(stdout) as Summary
    expect(summary.chain).toEqual(chain)
    expect(summary.stages.map(({ name }) => name)).toEqual(['parser', 'firewall', 'counter', 'limiter'])
    expect(summary.changes.count).toBeGreaterThan(10)
    expect(summary.missed).toBe(0)
    expect(summary.requests.answered).toBeGreaterThan(20)
    expect(summary.requests.failed).toBe(0)
    expect(summary.probes.sent).toBeGreaterThan(200)
    // On a busy machine a queue may be full; what found room got through the chain.
    expect(summary.probes.lost).toBeLessThanOrEqual(summary.overflow)
    expect(summary.resets).toBe(0)
    expect(summary.transfer.error).toBeNull()
    expect(summary.transfer.bitsPerSecond).toBeGreaterThan(1e6)
    // The firewall and the limiter were at work for most of the time.
    expect(summary.noise.arrived).toBeLessThan(summary.noise.sent)
  })

  it.each(['xdp', 'tc', 'clsact'])('of 1,000 changes on %s breaks no connection', { timeout: 90_000 }, async (hook) => {
    const options = ['--json', '--seconds', '10', '--changes', '1000', '--hook', hook]
    const { stdout, stderr, code } = await start(...options).done
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const summary = JSON.parse(stdout) as Summary
    // And one that put the stages there.
    expect(summary.changes.count).toBe(1001)
    expect(summary.requests.answered).toBeGreaterThan(20)
    expect(summary).toMatchObject({ missed: 0, resets: 0, requests: { failed: 0 }, transfer: { error: null } })
    expect(summary.probes.lost).toBeLessThanOrEqual(summary.overflow)
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('leaves nothing behind on %s', { timeout: 60_000 }, async (signal) => {
    const { child, output, done } = start('--plain', '--seconds', '20')
    await vi.waitFor(() => expect(output.stdout).toContain('firewall inserted'), { timeout: 30_000, interval: 50 })
    const footprint = footprintOf(child.pid ?? 0)
    expect(footprint.namespaces).toHaveLength(3)
    expect(footprint.programs.length).toBeGreaterThan(2)
    // A terminal sends it to the whole process group.
    process.kill(signal === 'SIGINT' ? -(child.pid ?? 0) : (child.pid ?? 0), signal)
    await done
    const nothing = { processes: [], namespaces: [], programs: [] }
    await vi.waitFor(() => expect(remains(footprint)).toEqual(nothing), { timeout: 25_000, interval: 50 })
  })
})

it('obeys keys in a terminal', { timeout: 60_000 }, async () => {
  const inTerminal = `stty columns 80 rows 24; exec '${process.execPath}' '${main}'`
  const { child, output, done } = startProgram('script', ['-qec', inTerminal, '/dev/null'])
  const sees = (text: string) =>
    vi.waitFor(() => expect(output.stdout).toContain(text), { timeout: 30_000, interval: 50 })
  await sees('q quit')
  for (const [key, event] of [
    ['p', 'parser appended'],
    ['f', 'firewall appended'],
    ['s', 'firewall swapped for version 2'],
    ['r', 'all stages in reverse order'],
    ['f', 'firewall removed'],
  ] as const) {
    child.stdin.write(key)
    await sees(event)
  }
  child.stdin.write('q')
  const { code, stdout } = await done
  expect(code).toBe(0)
  expect(stdout).toContain('Loss     none')
})

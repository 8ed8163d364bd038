import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { type Footprint, footprintOf, remains } from '../../common/test/footprint.js'
import { startProgram } from '../../common/test/start-program.js'
import type { Summary } from './summary.js'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
if (!existsSync(main)) throw new Error('build the example first: npm run build')

/** Starts the example as `npm start` does. */
function start(args: readonly string[], { command = process.execPath, before = [main] } = {}) {
  return startProgram(command, [...before, ...args])
}

/** Starts it and waits until the program is being replaced under traffic. */
async function startAndReplace() {
  const { child, output, done } = start(['--plain', '--seconds', '9'])
  await vi.waitFor(() => expect(output.stdout).toContain('is replaced'), { timeout: 20_000, interval: 50 })
  return { child, done, footprint: footprintOf(child.pid ?? 0) }
}

async function expectNothingLeft(footprint: Footprint) {
  expect(footprint.processes.length).toBeGreaterThanOrEqual(5)
  expect(footprint.namespaces).toHaveLength(3)
  expect(footprint.programs.length).toBeGreaterThanOrEqual(2)
  const nothing: Footprint = { processes: [], namespaces: [], programs: [] }
  await vi.waitFor(() => expect(remains(footprint)).toEqual(nothing), { timeout: 10_000, interval: 50 })
}

describe('a run', () => {
  it('prints one JSON object whose figures add up', { timeout: 60_000 }, async () => {
    const { stdout, stderr, code } = await start(['--json', '--seconds', '6']).done
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const summary = JSON.parse(stdout) as Summary
    expect(summary.attachment).toEqual({ interface: 'clients0', mode: 'native', mechanism: 'link', reason: null })

    // The bounds are low: how many there are is up to how busy the machine is.
    // Requests are answered, are not, and are again; those of the allowed address always.
    const { answeredBeforeBlock, answeredWhileBlocked, answeredAfterUnblock } = summary.requests
    expect(answeredBeforeBlock).toBeGreaterThan(2)
    expect(answeredWhileBlocked).toBe(0)
    expect(answeredAfterUnblock).toBeGreaterThan(2)
    expect(summary.allowed.answered).toBeGreaterThan(5)

    // Every frame was decided by one version, and none of those sent while blocked got by during all replacements.
    const { received, decided, passed, dropped } = summary.packets
    expect(decided).toHaveLength(2)
    expect(Math.min(...decided)).toBeGreaterThan(10)
    expect(decided.reduce((sum, frames) => sum + frames)).toBe(received)
    expect(summary.replaced.count).toBeGreaterThan(1)
    expect(summary.whileBlocked.sent).toBeGreaterThan(100)
    expect(summary.whileBlocked.unfiltered).toBe(0)

    const [allowed, blocked, rest] = summary.rules
    expect(allowed).toMatchObject({ source: '192.0.2.53/32', verdict: 'pass' })
    expect(blocked).toMatchObject({ source: '192.0.2.0/24', verdict: 'removed' })
    expect(rest).toMatchObject({ source: 'everything else', verdict: 'pass' })
    expect((allowed?.packets ?? 0) + (rest?.packets ?? 0)).toBe(passed)
    expect(blocked?.packets).toBeGreaterThan(100)
    expect(dropped).toBeGreaterThanOrEqual(blocked?.packets ?? 0)
    expect(summary.drops.events).toBeGreaterThan(10)
  })

  it('draws in a terminal, and gives it back', { timeout: 60_000 }, async () => {
    const inTerminal = `stty columns 80 rows 24; exec '${process.execPath}' '${main}' --seconds 4`
    const { stdout } = await start([inTerminal, '/dev/null'], { command: 'script', before: ['-qec'] }).done
    expect(stdout.slice(-1_000)).toContain('0 packets of the')
    expect(stdout.startsWith('\x1b[?1049h\x1b[?25l')).toBe(true)
    expect(stdout).toContain('◉ replace')
    const [screen = '', after] = stdout.split('\x1b[?25h\x1b[?1049l')
    expect(after).toContain('0 packets of the')
    // NO_COLOR is set.
    expect(screen).not.toContain('\x1b[32m')
  })

  it('leaves nothing behind on Ctrl-C', { timeout: 60_000 }, async () => {
    const { child, done, footprint } = await startAndReplace()
    // A terminal sends it to the whole process group.
    process.kill(-(child.pid ?? 0), 'SIGINT')
    const { code, stderr } = await done
    expect(code).toBe(130)
    expect(stderr).toBe('Interrupted: programs, processes and namespaces are gone.\n')
    await expectNothingLeft(footprint)
  })

  it('leaves nothing behind when it is killed', { timeout: 60_000 }, async () => {
    const { child, done, footprint } = await startAndReplace()
    child.kill('SIGKILL')
    expect((await done).signal).toBe('SIGKILL')
    await expectNothingLeft(footprint)
  })
})

describe('what it cannot do', () => {
  it.each([
    [
      'all',
      /^The firewall cannot run here: this process does not have CAP_BPF and CAP_NET_ADMIN: run as root[^\n]*\n$/,
    ],
    ['net_admin', /^The firewall cannot run here: this process does not have CAP_NET_ADMIN: run as root[^\n]*\n$/],
    ['sys_admin', /^[^\n]*CAP_SYS_ADMIN[^\n]*\n$/],
  ])('says in one line what it lacks without the capability %s', async (capability, message) => {
    const without = [`--bounding-set=-${capability}`, '--inh-caps=-all', process.execPath, main]
    const { code, stdout, stderr } = await start(['--json'], { command: 'setpriv', before: without }).done
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it.each([
    [['--seconds', '1'], "--seconds is '1', expected a number from 4 to 600\n"],
    [['--jsn'], /^Unknown option '--jsn'/],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await start(args).done
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('prints how it is used', async () => {
    const { code, stdout } = await start(['--help']).done
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: npm start -- [options]')
  })
})

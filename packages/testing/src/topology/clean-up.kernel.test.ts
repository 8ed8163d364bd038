import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { listPrograms } from '@millrace/core'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRunning } from '../../test/processes.js'
import { topology } from './topology.js'

const folder = mkdtempSync(join(tmpdir(), 'millrace-testing-'))
const object = fileURLToPath(new URL('../../test/generated/verdicts.bpf.o', import.meta.url))
const script = join(folder, 'topology-process.js')
beforeAll(() =>
  build({
    entry: [fileURLToPath(new URL('../../test/fixtures/topology-process.ts', import.meta.url))],
    outDir: folder,
    format: 'esm',
    outExtension: () => ({ js: '.js' }),
    noExternal: [/./],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    config: false,
    silent: true,
  }),
)
afterAll(() => rmSync(folder, { recursive: true }))

interface Report {
  readonly namespaces: readonly string[]
  readonly processes: readonly number[]
  readonly code: string
  readonly message: string
}

/** Starts a command that runs the script, in a process group of its own, and waits for its one line. */
async function start(command: string, ...args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const exited = once(child, 'exit')
  const silent = exited.then((how) => expect.unreachable(`it ended without a line: ${how}`))
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child.stdout, 'end').then(() => silent),
  ])
  return { pid: child.pid ?? expect.unreachable(), exited, report: JSON.parse(line) as Report }
}

describe('when the process ends without closing', () => {
  it.each([
    ['SIGKILL', 'it'],
    ['SIGTERM', 'it'],
    ['SIGINT', 'its group, as Ctrl-C does'],
    ['SIGHUP', 'its group, as closing a terminal does'],
  ] as const)('by %s to %s, nothing is left within a second', async (signal, whom) => {
    const { pid, exited, report } = await start(process.execPath, script, 'wait')
    const left = () => [...report.namespaces.filter((it) => existsSync(it)), ...report.processes.filter(isRunning)]
    expect(left()).toHaveLength(4)
    process.kill(whom === 'it' ? pid : -pid, signal)
    await exited
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 1000, interval: 10 })
  })

  it('by reaching its end, nothing is left and nothing keeps it running', async () => {
    const { exited, report } = await start(process.execPath, script, 'forget')
    expect(await exited).toEqual([0, null])
    await vi.waitFor(() => expect(report.namespaces.filter((it) => existsSync(it))).toEqual([]), { timeout: 1000 })
  })
})

it('what is attached in a host goes with the topology', async () => {
  const net = await topology({
    hosts: { a: { interfaces: { eth0: {} } }, b: { interfaces: { eth0: {} } } },
    links: [['a:eth0', 'b:eth0']],
  })
  const { a } = net.hosts
  // By the tool, so that no descriptor of ours holds the program.
  // With mounts of its own: to load an object, ip mounts a bpf filesystem and leaves it there.
  const attach = ['ip', 'link', 'set', 'dev', 'eth0', 'xdp', 'object', object, 'program', 'xdp_verdict']
  const { code } = await a.run('unshare', ['--mount', ...attach])
  expect(code).toBe(0)
  const [{ xdp }] = JSON.parse((await a.run('ip', ['-json', 'link', 'show', 'dev', 'eth0'])).stdout)
  const { id } = xdp.prog
  const isLoaded = () => listPrograms().some((it) => it.id === id)
  expect(isLoaded()).toBe(true)
  await net.close()
  await vi.waitFor(() => expect(isLoaded()).toBe(false), { timeout: 1000 })
})

describe('what is missing is told', () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups']

  it('when the process may not make namespaces', async () => {
    chmodSync(folder, 0o755)
    const { report, exited } = await start('setpriv', ...nobody, process.execPath, script)
    expect(report).toMatchObject({ code: 'ERR_MISSING_CAPABILITY', message: expect.stringContaining('CAP_SYS_ADMIN') })
    expect(await exited).toEqual([1, null])
  })

  it.each([
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['ip', 'iproute2'],
  ])('when %s is not installed', async (tool, owner) => {
    const tools = mkdtempSync(join(folder, 'tools-'))
    for (const name of ['unshare', 'nsenter', 'sh', 'sleep', 'ip'].filter((it) => it !== tool)) {
      symlinkSync(name === 'ip' ? '/sbin/ip' : `/bin/${name}`, join(tools, name))
    }
    // In a mount namespace of its own, /usr/sbin is empty: it is looked into whatever PATH says.
    const command = `mount -t tmpfs none /usr/sbin && PATH=${tools} exec ${process.execPath} ${script}`
    const { report } = await start('unshare', '--mount', 'sh', '-c', command)
    expect(report).toEqual({ code: 'ERR_TOOL_MISSING', message: `${tool} is not installed; it is part of ${owner}` })
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { nativeBinding } from '../src/binding.js'
import { useNamespace } from '../test/support/namespace.js'
import { must, NativeTestObject } from '../test/support/native.js'

const native = nativeBinding()
const addon = process.env.MILLRACE_NATIVE_BINDING ?? new URL('../build/Release/millrace.node', import.meta.url).pathname
const namespace = useNamespace()
const object = new NativeTestObject('slow')
const program = object.program('slow')
const memory = must(native.memoryMap(object.map('.bss'), false))
afterAll(() => {
  native.close(memory)
  object[Symbol.dispose]()
})

function read(offset: number): number {
  const word = new Uint32Array(1)
  expect(native.memoryRead(memory, offset, new Uint8Array(word.buffer))).toBe(0)
  return word[0] ?? 0
}
const begun = () => read(0)
const ended = () => read(4)

/**
 * Starts the slow program elsewhere and waits for all that run while it does. Where the processors have so much else to do that it
 * is over before this thread gets to wait, again.
 */
async function waitWhileItRuns(start: () => Promise<unknown>): Promise<{ ranBefore: number; endedAfter: number }> {
  for (;;) {
    const run = begun() + 1
    const over = start()
    while (begun() < run) await sleep(1)
    const isRunning = ended() < run
    const failure = await native.waitForPrograms()
    const endedAfter = ended()
    await over
    expect(failure).toBeNull()
    if (isRunning) return { ranBefore: run, endedAfter }
  }
}

describe('waiting for programs', { timeout: 120_000 }, () => {
  it('lasts until a program that was running has returned', async () => {
    const { id } = must(native.programInfo(program))
    const start = () =>
      once(
        new Worker(
          `const native = require(${JSON.stringify(addon)})
          native.programTestRun(native.openById('program', ${id}), {
            data: new Uint8Array(64), dataOutSize: 0, contextOutSize: 0, repeat: 1, flags: 0, cpu: 0, batchSize: 0,
          })`,
          { eval: true },
        ),
        'exit',
      )
    const { ranBefore, endedAfter } = await waitWhileItRuns(start)
    expect(endedAfter).toBe(ranBefore)
  })

  it.each([
    ['of a driver', 1 << 2],
    ['of the stack', 1 << 1],
  ])('lasts until a packet is through, in the softirq %s', async (_, mode) => {
    await inNamespace(
      // Neither IPv6 nor ARP: the only packet is ours.
      'for i in all default; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done',
      'ip link add near type veth peer name far',
      'ip address add 10.200.0.1/24 dev near',
      'ip link set far up',
      'ip link set near up arp off',
    )
    const ifindex = native.interfaceIndex('far', namespace.path)
    const link = must(native.xdpLinkCreate(program, ifindex, mode, namespace.path))
    try {
      const start = () => inNamespace('echo > /dev/udp/10.200.0.2/9')
      const { ranBefore, endedAfter } = await waitWhileItRuns(start)
      expect(endedAfter).toBe(ranBefore)
    } finally {
      native.close(link)
      await inNamespace('ip link del near')
    }
  })

  it('needs no program that runs, and leaves nothing open', async () => {
    const before = readdirSync('/proc/self/fd').length
    expect(await Promise.all(Array.from({ length: 8 }, () => native.waitForPrograms()))).toEqual(Array(8).fill(null))
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })
})

async function inNamespace(...commands: string[]): Promise<void> {
  const shell = spawn('nsenter', [`--net=${namespace.path}`, 'bash', '-ec', commands.join('\n')])
  expect(await once(shell, 'exit')).toEqual([0, null])
}

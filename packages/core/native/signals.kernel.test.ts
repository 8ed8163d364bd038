import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { objectFile } from '../test/support/objects.js'

const addon = new URL('../build/Release/millrace.node', import.meta.url).pathname

/** Does `work` while another process sends a signal every few milliseconds; prints how that ended. */
const script = (work: string) => `
  const { spawn } = require('node:child_process')
  const native = require('${addon}')
  process.on('SIGUSR2', () => {
    if (process.exitCode !== undefined) return
    process.exitCode = 1
    const result = (() => { ${work} })()
    console.log('errno' in result ? JSON.stringify(result) : 'done')
    sender.kill('SIGKILL')
    process.exitCode = 0
  })
  const sender = spawn('sh', ['-c', 'while kill -USR2 ' + process.pid + '; do sleep 0.001; done'])
`

const load = (object: string) => `
  const { handle } = native.objectOpen('${objectFile(object)}', 'object', {})
  const loaded = native.objectLoadSync(handle)
`

it.each([
  ['loaded', `${load('slowly-verified')} return loaded`],
  [
    'run many times',
    `${load('basic')}
    const run = { data: new Uint8Array(64), dataOutSize: 0, contextOutSize: 0, repeat: 1_000_000 }
    return native.programTestRun(Object.values(loaded.programs)[0], run)`,
  ],
])('a program is %s while signals arrive faster than that', async (_, work) => {
  // An addon that is instrumented is for this process only.
  const worker = spawn(process.execPath, ['-e', script(work)], { env: { ...process.env, NODE_OPTIONS: '' } })
  let printed = ''
  worker.stdout.on('data', (text) => {
    printed += text
  })
  const [code] = await once(worker, 'close')
  expect(printed).toBe('done\n')
  expect(code).toBe(0)
})

it('a program is run many times while the process closes rings of io_uring', async () => {
  // On Node.js 22 and later waiting for a child makes one and closes it, of which the kernel tells this thread some time later.
  const script = `
    const { execFileSync } = require('node:child_process')
    const native = require('${addon}')
    ${load('basic')}
    const run = { data: new Uint8Array(64), dataOutSize: 0, contextOutSize: 0, repeat: 1000 }
    for (let i = 0; i < 100; i++) {
      if (i % 5 === 0) execFileSync('true')
      const result = native.programTestRun(Object.values(loaded.programs)[0], run)
      if ('errno' in result) console.log(JSON.stringify(result))
    }
  `
  const worker = spawn(process.execPath, ['-e', script], { env: { ...process.env, NODE_OPTIONS: '' } })
  let printed = ''
  worker.stdout.on('data', (text) => {
    printed += text
  })
  expect(await once(worker, 'close')).toEqual([0, null])
  expect(printed).toBe('')
})

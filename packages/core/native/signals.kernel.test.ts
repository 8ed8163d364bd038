import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { objectFile } from '../test/support/objects.js'

const addon = new URL('../build/Release/millrace.node', import.meta.url).pathname

/** Loads a program while another process sends a signal every few milliseconds; prints how that ended. */
const script = `
  const { spawn } = require('node:child_process')
  const native = require('${addon}')
  process.on('SIGUSR2', () => {
    if (process.exitCode !== undefined) return
    process.exitCode = 1
    const { handle } = native.objectOpen('${objectFile('slowly-verified')}', 'slowly', {})
    const loaded = native.objectLoadSync(handle)
    console.log('errno' in loaded ? JSON.stringify(loaded) : 'loaded')
    sender.kill('SIGKILL')
    process.exitCode = 0
  })
  const sender = spawn('sh', ['-c', 'while kill -USR2 ' + process.pid + '; do sleep 0.001; done'])
`

it('a program is loaded while signals arrive faster than the verifier works', async () => {
  // An addon that is instrumented is for this process only.
  const loader = spawn(process.execPath, ['-e', script], { env: { ...process.env, NODE_OPTIONS: '' } })
  let printed = ''
  loader.stdout.on('data', (text) => {
    printed += text
  })
  const [code] = await once(loader, 'close')
  expect(printed).toBe('loaded\n')
  expect(code).toBe(0)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withLock } from './lock.mjs'

const name = `test-${process.pid}`

test('work of one name is done one after the other', async () => {
  const events = []
  const work = (label) => async () => {
    events.push(`${label} begins`)
    await sleep(50)
    events.push(`${label} ends`)
  }
  const waiting = () => events.push('waiting')
  await Promise.all([withLock(name, work('first'), waiting), withLock(name, work('second'), waiting)])
  expect(events.filter((event) => event !== 'waiting')).toEqual([
    expect.stringMatching(/begins$/),
    expect.stringMatching(/ends$/),
    expect.stringMatching(/begins$/),
    expect.stringMatching(/ends$/),
  ])
  expect(events).toContain('waiting')
})

test('work that fails lets go', async () => {
  await expect(withLock(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await withLock(name, async () => 'done')).toBe('done')
})

test('a process that is killed holds nothing up', async () => {
  const script = `
    import { withLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)}
    await withLock('${name}', () => new Promise((resolve) => { console.log('held'); setTimeout(resolve, 60_000) }))`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  let waited = false
  const done = withLock(
    name,
    async () => 'done',
    () => {
      waited = true
      holder.kill('SIGKILL')
    },
  )
  expect(await done).toBe('done')
  expect(waited).toBe(true)
})

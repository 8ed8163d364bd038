import { expect, it } from 'vitest'
import { turn } from '../../test/chain-model.js'
import { GracePeriods } from './grace-periods.js'

/** Grace periods whose ends the test decides. */
function controlled() {
  const waits: PromiseWithResolvers[] = []
  const periods = new GracePeriods(
    () => new Promise<void>((resolve, reject) => waits.push({ resolve, reject: () => reject(new Error('no')) })),
  )
  const done: string[] = []
  return { waits, done, periods, task: (name: string) => periods.after(() => done.push(name)) }
}
interface PromiseWithResolvers {
  resolve(): void
  reject(): void
}

it('what comes while one is running waits for the next, all together', async () => {
  const { waits, done, task, periods } = controlled()
  for (const name of 'abc') task(name)
  expect(waits).toHaveLength(1)
  waits[0]?.resolve()
  await turn()
  expect(done).toEqual(['a'])
  expect(waits).toHaveLength(2)
  const settled = periods.settled()
  waits[1]?.resolve()
  await settled
  expect(done).toEqual(['a', 'b', 'c'])
})

it('what waits for nothing is settled', async () => {
  await controlled().periods.settled()
})

it('nothing is done after one that failed, until another try', async () => {
  const { waits, done, task, periods } = controlled()
  task('a')
  const settled = periods.settled()
  waits[0]?.reject()
  await expect(settled).rejects.toThrow('no')
  expect(done).toEqual([])
  task('b')
  waits[1]?.resolve()
  await periods.settled()
  expect(done).toEqual(['a', 'b'])
})

it('asking tries again', async () => {
  const { waits, done, task, periods } = controlled()
  task('a')
  waits[0]?.reject()
  await turn()
  const settled = periods.settled()
  waits[1]?.resolve()
  await settled
  expect(done).toEqual(['a'])
})

it('a task that fails keeps no other from being done', async () => {
  const { waits, done, task, periods } = controlled()
  periods.after(() => {
    throw new Error('cannot be removed')
  })
  const settled = periods.settled()
  waits[0]?.resolve()
  await expect(settled).rejects.toThrow('cannot be removed')
  task('b')
  waits[1]?.resolve()
  await periods.settled()
  expect(done).toEqual(['b'])
})

it('what is to come last comes at once when nothing waits, and after all else when something does', async () => {
  const { waits, done, task, periods } = controlled()
  periods.whenIdle(() => done.push('idle'))
  expect(done).toEqual(['idle'])
  task('a')
  periods.whenIdle(() => done.push('last'))
  task('b')
  waits[0]?.resolve()
  await turn()
  waits[1]?.resolve()
  await turn()
  expect(done).toEqual(['idle', 'a', 'b', 'last'])
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cache, root } from './paths.mjs'
import { hashOf, removeStamp, unlessCurrent } from './stamp.mjs'

let folder
let output
let runs = 0
const name = `test-${process.pid}`
const work = async () => {
  runs++
  writeFileSync(output, 'made')
}
const build = (key, task = work) => unlessCurrent(name, key, [relative(root, output)], task)

beforeEach(() => {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'test.'))
  output = join(folder, 'output')
  runs = 0
})

afterEach(() => {
  removeStamp(name)
  rmSync(folder, { recursive: true })
})

test('work is done once for a key', async () => {
  expect([await build('a'), await build('a')]).toEqual([true, false])
  expect(runs).toBe(1)
})

test('work is done again for another key, and when its output is gone', async () => {
  await build('a')
  expect(await build('b')).toBe(true)
  rmSync(output)
  expect(await build('b')).toBe(true)
  expect(runs).toBe(3)
})

test('work that failed is not taken for done, although it was done for that key before', async () => {
  await build('a')
  const fail = async () => {
    throw new Error('interrupted')
  }
  await expect(build('b', fail)).rejects.toThrow('interrupted')
  expect(await build('a')).toBe(true)
})

test('a hash tells content, absence and the boundary between files', () => {
  const file = (name, content) => {
    writeFileSync(join(folder, name), content)
    return relative(root, join(folder, name))
  }
  const ab = hashOf([file('a', 'one'), file('b', 'two')])
  expect(hashOf([file('a', 'on'), file('b', 'etwo')])).not.toBe(ab)
  expect(hashOf([file('a', 'one'), file('b', 'two')])).toBe(ab)
  rmSync(join(folder, 'b'))
  expect(hashOf([file('a', 'one'), relative(root, join(folder, 'b'))])).not.toBe(ab)
})

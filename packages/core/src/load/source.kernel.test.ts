import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { objectFile } from '../../test/support/objects.js'
import { load, loadSync } from './load.js'

const folder = mkdtempSync(join(tmpdir(), 'millrace-source-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('an object file', () => {
  it.each([
    ['loadSync', (path: string) => Promise.resolve(loadSync(path))],
    ['load', (path: string) => load(path)],
  ])('is read to its end from a pipe, which tells no size, by %s', async (name, loadFrom) => {
    const pipe = join(folder, name)
    execFileSync('mkfifo', [pipe])
    // Longer than the first piece that is read, and in two pieces.
    const script = 'head -c 3000 "$0"; sleep 0.1; tail -c +3001 "$0"'
    const writer = spawn('sh', ['-c', `(${script}) > "$1"`, objectFile('native-layouts'), pipe], { stdio: 'inherit' })
    try {
      using object = await loadFrom(pipe)
      using same = loadSync(objectFile('native-layouts'))
      expect(Object.keys(object.maps)).toEqual(Object.keys(same.maps))
    } finally {
      writer.kill()
    }
  })
})

import { describe, expect, it } from 'vitest'
import { useBundle } from '../test/support/bundle.js'
import { objectFile } from '../test/support/objects.js'
import { inWorker } from '../test/support/worker.js'

const bundle = useBundle()

/**
 * What is warned about after `forget` was called and garbage was collected, and what `after` comes to then. In a worker
 * thread, which closes at its end what was left open on purpose.
 */
function forgotten(forget: string, after = 'undefined'): Promise<unknown> {
  return inWorker(`
    require('node:v8').setFlagsFromString('--expose-gc')
    const collect = require('node:vm').runInNewContext('gc')
    const { enableStatistics, loadSync, RawMap } = require(${JSON.stringify(bundle.cjs)})
    const object = ${JSON.stringify(objectFile('basic'))}
    const options = { type: 'hash', name: 'forgotten', keySize: 4, valueSize: 4, maxEntries: 1 }
    const warnings = []
    process.on('warning', ({ name, code, message }) => warnings.push([name, code, message].join(': ')))
    const kept = (() => { ${forget} })()
    const wait = async () => {
      for (let turn = 0; turn < 20 && warnings.length === 0; turn++) {
        collect()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      require('node:worker_threads').parentPort.postMessage({ warnings, after: ${after} })
    }
    wait()`)
}

describe('a kernel object that is forgotten', () => {
  it('is warned about, by what it is and its name, and is not closed', async () => {
    expect(await forgotten('return RawMap.create(options).id', 'RawMap.openById(kept).name')).toEqual({
      warnings: [
        'MillraceWarning: MILLRACE_LEAK: the map forgotten was never closed; call close() or declare it with `using`',
      ],
      after: 'forgotten',
    })
  })

  it('is warned about once, when it is a whole loaded object', async () => {
    expect(await forgotten('loadSync(object)')).toMatchObject({
      warnings: [
        'MillraceWarning: MILLRACE_LEAK: the loaded object basic was never closed; call close() or declare it with `using`',
      ],
    })
  })
})

describe('no warning comes for', () => {
  it.each([
    ['what was closed', 'RawMap.create(options).close(); enableStatistics().close()'],
    [
      'parts of a loaded object that was closed',
      'const o = loadSync(object); const { decide } = o.programs; o.close(); return decide',
    ],
    ['a loaded object of which a part is in use', 'return loadSync(object).maps.counters'],
  ])('%s', async (_, forget) => {
    expect(await forgotten(forget)).toMatchObject({ warnings: [] })
  })
})

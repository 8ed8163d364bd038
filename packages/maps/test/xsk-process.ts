// xsk-process PATH: does with the XskMap that is pinned there what it is told, a line a command, and answers each. It has inherited AF_XDP
// sockets: see c/xsk-socket.c.
import { createInterface } from 'node:readline'
import { XskMap } from '../src/index.js'

const bound = 10
const other = 11
const [path = ''] = process.argv.slice(2)
const sockets = XskMap.open(path)

const actions: Readonly<Record<string, () => unknown>> = {
  replace: () => sockets.set(0, bound, 'replace'),
  set: () => sockets.set(0, bound),
  // The same would be no change, and is allowed.
  'create another': () => sockets.set(0, other, 'create'),
  delete: () => sockets.delete(0),
}

console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  try {
    actions[line]?.()
    console.log('done')
  } catch (error) {
    const { code, errnoName } = error as { code: string; errnoName?: string }
    console.log(`${code} ${errnoName}`)
  }
}

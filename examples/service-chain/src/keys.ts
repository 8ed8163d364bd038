import type { Rig } from './rig.js'

/** What a key does to the chain. */
export interface Key {
  readonly label: string
  readonly press: (rig: Rig<'xdp'> | Rig<'tc'>) => string
}

/** The keys that change the chain; q ends the run. */
export const KEYS: Readonly<Record<string, Key>> = {
  p: { label: 'parser', press: (rig) => rig.toggle('parser') },
  f: { label: 'firewall', press: (rig) => rig.toggle('firewall') },
  c: { label: 'counter', press: (rig) => rig.toggle('counter') },
  l: { label: 'limiter', press: (rig) => rig.toggle('limiter') },
  s: { label: 'swap firewall', press: (rig) => rig.swap('firewall') },
  m: { label: 'counter first', press: (rig) => rig.moveFirst('counter') },
  r: { label: 'reverse', press: (rig) => rig.reverse() },
  a: { label: 'all', press: (rig) => rig.restore() },
  x: { label: 'random', press: (rig) => rig.shuffle() },
}

/** Calls back for each key until it is disposed of; Ctrl-C is the signal that it is elsewhere. */
export function readKeys(stdin: NodeJS.ReadStream, pressed: (key: string) => void): Disposable {
  const read = (data: Buffer) => {
    for (const key of data.toString()) {
      // In raw mode the terminal makes no signal of it.
      if (key === '\x03') process.kill(process.pid, 'SIGINT')
      else pressed(key)
    }
  }
  const restore = () => stdin.setRawMode(false)
  stdin.setRawMode(true)
  stdin.on('data', read)
  stdin.resume()
  process.once('exit', restore)
  return {
    [Symbol.dispose]() {
      stdin.off('data', read)
      stdin.pause()
      restore()
      process.off('exit', restore)
    },
  }
}

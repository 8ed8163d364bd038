import { writeFileSync } from 'node:fs'
import type { State } from '../state.js'
import { ansi } from './ansi.js'
import { dashboard, LEAST_SIZE } from './dashboard.js'
import { plainLines } from './plain.js'
import { Screen, type Terminal } from './screen.js'
import { svg } from './svg.js'

/** Where the run is shown. Disposing of it twice is harmless. */
export interface View extends Disposable {
  show(state: State): void
}

/** The dashboard where there is a terminal with room for it, else lines; with `json` nothing. */
export function chooseView(
  { json, plain, record }: { readonly json: boolean; readonly plain: boolean; readonly record: string },
  stdout: NodeJS.WriteStream,
): View {
  const view = json
    ? silent
    : plain || !canShowDashboard(stdout)
      ? plainView(stdout)
      : liveView(stdout, hasColour(stdout))
  return record === '' ? view : recording(view, record)
}

/** https://no-color.org */
export function hasColour(stdout: NodeJS.WriteStream): boolean {
  return stdout.isTTY && (process.env.NO_COLOR ?? '') === ''
}

function canShowDashboard({ isTTY, columns, rows }: NodeJS.WriteStream): boolean {
  return isTTY && columns >= LEAST_SIZE.columns && rows >= LEAST_SIZE.rows && process.env.TERM !== 'dumb'
}

const silent: View = { show() {}, [Symbol.dispose]() {} }

export function liveView(terminal: Terminal, colour: boolean): View {
  const screen = new Screen(terminal)
  const restore = () => screen.close()
  // Also when the process is ended in a hurry.
  process.once('exit', restore)
  return {
    show: (state) => screen.draw(dashboard(state, screen.size).map((line) => ansi(line, colour))),
    [Symbol.dispose]() {
      restore()
      process.off('exit', restore)
    },
  }
}

export function plainView(out: { write(text: string): unknown }): View {
  let shown: State | undefined
  return {
    show(state) {
      for (const line of plainLines(shown, state)) out.write(`${line}\n`)
      shown = state
    },
    [Symbol.dispose]() {},
  }
}

/** Saves the last frame as a picture when it is over. */
export function recording(view: View, file: string): View {
  let last: State | undefined
  return {
    show(state) {
      view.show(state)
      last = state
    },
    [Symbol.dispose]() {
      view[Symbol.dispose]()
      if (last !== undefined) writeFileSync(file, svg(dashboard(last, LEAST_SIZE), 'npm start'))
    },
  }
}

import { writeFileSync } from 'node:fs'
import { ansi } from './ansi.js'
import { Screen, type Size, type Terminal } from './screen.js'
import { svg } from './svg.js'
import type { Line } from './text.js'

/** Where the run is shown. Disposing of it twice is harmless. */
export interface View<State> extends Disposable {
  show(state: State): void
}

/** How an example's state looks. */
export interface Look<State> {
  /** of pictures */
  readonly title: string
  /** what a terminal must have at least; a smaller one gets plain lines */
  readonly leastSize: Size
  /** the whole screen: a pure function, so that what people see can be tested and drawn elsewhere */
  dashboard(state: State, size: Size): Line[]
  /** what is new since the state before */
  plainLines(before: State | undefined, state: State): string[]
}

/** The dashboard where there is a terminal with room for it, else lines; with `json` nothing. */
export function chooseView<State>(
  look: Look<State>,
  { json, plain, record }: { readonly json: boolean; readonly plain: boolean; readonly record: string },
  stdout: NodeJS.WriteStream,
): View<State> {
  const view = json
    ? silentView<State>()
    : plain || !hasRoom(stdout, look.leastSize)
      ? plainView(look, stdout)
      : liveView(look, stdout, hasColour(stdout))
  return record === '' ? view : recordingView(look, view, record)
}

/** https://no-color.org */
export function hasColour(stdout: NodeJS.WriteStream): boolean {
  return stdout.isTTY && (process.env.NO_COLOR ?? '') === ''
}

function hasRoom({ isTTY, columns, rows }: NodeJS.WriteStream, least: Size): boolean {
  return isTTY && columns >= least.columns && rows >= least.rows && process.env.TERM !== 'dumb'
}

function silentView<State>(): View<State> {
  return { show() {}, [Symbol.dispose]() {} }
}

function liveView<State>(look: Look<State>, terminal: Terminal, colour: boolean): View<State> {
  const screen = new Screen(terminal)
  const restore = () => screen.close()
  // Also when the process is ended in a hurry.
  process.once('exit', restore)
  return {
    show: (state) => screen.draw(look.dashboard(state, screen.size).map((line) => ansi(line, colour))),
    [Symbol.dispose]() {
      restore()
      process.off('exit', restore)
    },
  }
}

function plainView<State>(look: Look<State>, out: { write(text: string): unknown }): View<State> {
  let shown: State | undefined
  return {
    show(state) {
      for (const line of look.plainLines(shown, state)) out.write(`${line}\n`)
      shown = state
    },
    [Symbol.dispose]() {},
  }
}

/** Saves the last frame as a picture when it is over. */
function recordingView<State>(look: Look<State>, view: View<State>, file: string): View<State> {
  let last: State | undefined
  return {
    show(state) {
      view.show(state)
      last = state
    },
    [Symbol.dispose]() {
      view[Symbol.dispose]()
      if (last !== undefined) writeFileSync(file, svg(look.dashboard(last, look.leastSize), look.title))
    },
  }
}

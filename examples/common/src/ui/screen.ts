const ALTERNATE_SCREEN = '\x1b[?1049h'
const MAIN_SCREEN = '\x1b[?1049l'
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const HOME = '\x1b[H'
const ERASE_LINE_END = '\x1b[K'
const ERASE_BELOW = '\x1b[J'
// The terminal shows what lies between these two at once; one that does not know them ignores them.
const BEGIN_UPDATE = '\x1b[?2026h'
const END_UPDATE = '\x1b[?2026l'

/** Of a terminal, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Terminal {
  write(text: string): unknown
  readonly columns: number
  readonly rows: number
}

/** Draws whole screens in the terminal's alternate buffer, over the one before, so that nothing flickers; `close` gives the terminal back. */
export class Screen {
  readonly #terminal: Terminal
  #open = true

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    terminal.write(ALTERNATE_SCREEN + HIDE_CURSOR)
  }

  get size(): Size {
    return { columns: this.#terminal.columns, rows: this.#terminal.rows }
  }

  draw(lines: readonly string[]): void {
    if (!this.#open) return
    const body = lines.map((line) => line + ERASE_LINE_END).join('\r\n')
    this.#terminal.write(BEGIN_UPDATE + HOME + body + ERASE_BELOW + END_UPDATE)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#terminal.write(SHOW_CURSOR + MAIN_SCREEN)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

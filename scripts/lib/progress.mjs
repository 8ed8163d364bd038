const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/**
 * One line a step on the standard error, which leaves the standard output to the script that is being prepared: a spinner
 * with what is going on in a terminal, plain lines elsewhere, nothing when `quiet`.
 */
export class Progress {
  #out = process.stderr
  #live = process.stderr.isTTY === true && process.env.TERM !== 'dumb'
  #quiet
  #did = 0
  #started = performance.now()

  constructor({ quiet = false } = {}) {
    this.#quiet = quiet
  }

  /**
   * Runs a step. `work` is given a function that shows what it is doing now; it returns false when there was nothing to do,
   * and then the step leaves no line.
   */
  async step(name, work) {
    const started = performance.now()
    let doing = ''
    let frame = 0
    const draw = () => {
      const line = `${frames[frame++ % frames.length]} ${name} ${seconds(started)}  ${doing}`
      this.#out.write(`\r\x1b[K${line.slice(0, (this.#out.columns || 80) - 1)}`)
    }
    const timer = this.#live && !this.#quiet ? setInterval(draw, 80) : undefined
    const note = (text) => {
      if (!doing && !this.#live) this.say(`${name}: ${text}`)
      doing = text
    }
    let failed = true
    let done = true
    try {
      done = (await work(note)) !== false
      failed = false
    } finally {
      clearInterval(timer)
      if (timer) this.#out.write('\r\x1b[K')
      if (failed) this.#line(`${this.#paint(31, '✗')} ${name} failed after ${seconds(started)}`)
      else if (done) this.#line(`${this.#paint(32, '✓')} ${name}  ${this.#paint(2, seconds(started))}`)
    }
    if (done) this.#did++
  }

  say(text) {
    this.#line(`- ${text}`)
  }

  /** The last line: how long it all took. */
  finish() {
    const what = this.#did ? 'Set up' : 'Everything is set up already'
    this.#line(`${this.#paint(32, '✓')} ${what}  ${this.#paint(2, seconds(this.#started))}`)
  }

  #line(text) {
    if (!this.#quiet) this.#out.write(`${text}\n`)
  }

  #paint(colour, text) {
    return this.#live ? `\x1b[${colour}m${text}\x1b[0m` : text
  }
}

import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Asks a process that answers each line with a JSON report. */
export class Reporter<Report> {
  readonly #child: ChildProcess
  readonly #waiting: { resolve: (report: Report) => void; reject: (error: Error) => void }[] = []
  #ended: Error | undefined

  constructor(name: string, child: ChildProcess) {
    const { stdout, stderr } = child
    if (stdout === null || stderr === null) throw new TypeError(`the ${name} was started without pipes`)
    this.#child = child
    let complaint = ''
    stderr.on('data', (chunk) => (complaint += chunk))
    createInterface({ input: stdout }).on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line)))
    child.on('close', () =>
      this.#end(new Error(`the ${name} has ended${complaint === '' ? '' : `: ${complaint.trim()}`}`)),
    )
    child.on('error', (error) => this.#end(error))
    // Writing to one that has ended is an error here as well; 'close' tells more.
    child.stdin?.on('error', () => {})
  }

  report(): Promise<Report> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      this.#waiting.push({ resolve, reject })
      this.#child.stdin?.write('\n')
    })
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('close', resolve))
    if (this.#ended === undefined) {
      this.#child.stdin?.end()
      await gone
    }
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

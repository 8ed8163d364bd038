import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** A place in the C source. */
export interface SourceLine {
  readonly text: string
  /** undefined before Linux 6.9, which does not say */
  readonly file: string | undefined
  /** from 1; undefined before Linux 6.9 */
  readonly number: number | undefined
}

/** The fields of a {@link VerifierError}. */
export interface VerifierErrorFields {
  /** C name */
  readonly program: string
  /** the C line that was refused, where the object was compiled with `-g` */
  readonly line?: SourceLine | undefined
  /** the verifier's own words, and a plainer account of them where there is one */
  readonly reason: string
  /** all that was printed */
  readonly log: string
  readonly cause?: unknown
}

/**
 * `ERR_VERIFIER`: the kernel's verifier refused a program. The message has the reason and the refused C line; `log` keeps the
 * verifier's whole log.
 *
 * @example
 * ```ts
 * import { load, VerifierError } from '@millrace/core'
 *
 * try {
 *   using object = await load('./firewall.bpf.o')
 * } catch (error) {
 *   if (!(error instanceof VerifierError)) throw error
 *   console.error(error.message)         // firewall.bpf.c:42: invalid access to packet ...
 *   console.error(error.line?.text)      // if (ip->protocol == IPPROTO_TCP)
 * }
 * ```
 */
export class VerifierError extends MillraceError {
  static {
    brand(VerifierError, 'VerifierError')
  }

  override readonly code = 'ERR_VERIFIER'
  readonly program: string
  readonly line: SourceLine | undefined
  readonly reason: string
  readonly log: string

  constructor({ program, line, reason, log, cause }: VerifierErrorFields) {
    super(
      `the verifier refused program ${program}: ${reason}${describe(line)}`,
      cause === undefined ? undefined : { cause },
    )
    this.program = program
    this.line = line
    this.reason = reason
    this.log = log
    // The log may have thousands of lines: it is there to be read, but not in every printed stack.
    Object.defineProperty(this, 'log', { enumerable: false })
  }
}

function describe(line: SourceLine | undefined): string {
  if (line === undefined) return ''
  const place = line.file === undefined ? '' : `${line.file}:${line.number}: `
  return `\n    ${place}${line.text}`
}

// Tries all operations with the rights that it was started with, and prints what came of each.
import { MillraceError, MissingCapabilityError } from '@millrace/core'
import { operations, type Prepared } from './operations.js'

/** What came of one. */
export interface Outcome {
  readonly ok: boolean
  /** of a MissingCapabilityError */
  readonly capability?: string | undefined
  readonly message?: string | undefined
}

const prepared = JSON.parse(process.argv[2] ?? '{}') as Prepared
console.log(JSON.stringify(operations.map(({ run }) => outcome(() => run(prepared)))))

function outcome(call: () => unknown): Outcome {
  try {
    call()
    return { ok: true }
  } catch (error) {
    const capability = error instanceof MissingCapabilityError ? error.capability : undefined
    const code = error instanceof MillraceError ? error.code : ''
    return { ok: false, capability, message: `${code} ${(error as Error).stack}` }
  }
}

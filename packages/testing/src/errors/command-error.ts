import { brand, MillraceError } from './millrace-error.js'

/**
 * `ERR_COMMAND`: the kernel or a tool refused a step of setting up a topology. What had been set up is gone again.
 *
 * @example
 * ```ts
 * import { CommandError, topology } from '@millrace/testing'
 *
 * try {
 *   await using net = await topology({ hosts: { a: { sysctls: { 'net.ipv4.no_such_name': 1 } } } })
 * } catch (error) {
 *   if (error instanceof CommandError) console.error(error.host, error.command, error.stderr)
 * }
 * ```
 */
export class CommandError extends MillraceError {
  static {
    brand(CommandError, 'CommandError')
  }

  override readonly code = 'ERR_COMMAND'
  readonly host: string
  readonly command: string
  /** what the tool said */
  readonly stderr: string

  constructor(host: string, command: string, stderr: string) {
    super(`host ${host}: ${command}: ${stderr}`)
    this.host = host
    this.command = command
    this.stderr = stderr
  }
}

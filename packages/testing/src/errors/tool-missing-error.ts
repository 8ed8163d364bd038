import { brand, MillraceError } from './millrace-error.js'

/**
 * `ERR_TOOL_MISSING`: a program that a topology is made with is not installed. `package` says where Debian has it.
 *
 * @example
 * ```ts
 * import { ToolMissingError, topology } from '@millrace/testing'
 *
 * try {
 *   await using net = await topology({ hosts: { a: {} } })
 * } catch (error) {
 *   if (error instanceof ToolMissingError) console.error(`apt-get install ${error.package}`)
 * }
 * ```
 */
export class ToolMissingError extends MillraceError {
  static {
    brand(ToolMissingError, 'ToolMissingError')
  }

  override readonly code = 'ERR_TOOL_MISSING'
  /** `ip`, `nsenter` or `unshare` */
  readonly tool: string
  readonly package: string

  constructor(tool: string, packageName: string) {
    super(`${tool} is not installed; it is part of ${packageName}`)
    this.tool = tool
    this.package = packageName
  }
}

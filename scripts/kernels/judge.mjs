// What the result of a feature means, for a kernel whose version is known.

/**
 * Adds `outcome`: `passed`, `needs` (a later kernel), `not configured` or `failed`, and `cell` for the table, `problem` for a
 * failure.
 *
 * @param release as `uname -r` says
 * @param config the kernel's own, as text
 */
export function judge(result, release, config) {
  const failure = (problem) => ({ ...result, outcome: 'failed', cell: 'FAILED', problem })
  const has = isAtLeast(release, result.since)
  if (result.passed) {
    if (has) return { ...result, outcome: 'passed', cell: 'yes' }
    return failure(`works, though it is said to need ${result.since}`)
  }
  if (result.failed !== undefined) return failure(result.failed)
  const { needed, unsupported, message } = result
  if (needed === undefined) {
    if (result.config !== undefined && isOff(config, result.config))
      return { ...result, outcome: 'not configured', cell: `without ${result.config}` }
    return failure(`said to hang on how the kernel was built, of which there is no proof: ${message}`)
  }
  if (has) return failure(`the kernel has it (since ${result.since}), and the error says: ${message}`)
  if (isAtLeast(release, needed)) return failure(`the error says that a kernel which runs is needed: ${message}`)
  if (needed !== result.since) return failure(`needs ${result.since}, and the error says: ${message} (${unsupported})`)
  return { ...result, outcome: 'needs', cell: `needs ${needed}` }
}

/** In a configuration an option that is off is in a comment, or not there at all. */
function isOff(config, option) {
  return config !== '' && !new RegExp(`^${option}=[ym]`, 'm').test(config)
}

export function isAtLeast(release, version) {
  const [major, minor] = release.split('.').map((part) => Number.parseInt(part, 10))
  const [leastMajor, leastMinor] = version.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}

/** What the folder of the addon for this system is called: `linux-x64-glibc`, `linux-arm64-musl`, `darwin-arm64`. */
export function platformName(): string {
  const system = `${process.platform}-${process.arch}`
  return process.platform === 'linux' ? `${system}-${libc()}` : system
}

/** Of this very process: the two can be installed side by side. It takes a millisecond to find out. */
function libc(): 'glibc' | 'musl' {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
}

/** For people. */
export function systemName(): string {
  const { platform, arch } = process
  if (platform !== 'linux') return `${{ darwin: 'macOS', win32: 'Windows' }[platform as string] ?? platform} on ${arch}`
  return `Linux on ${arch} with ${libc()}`
}

/** The kernels that Millrace is tried on, all from Debian, by the name that the command line has for them. */
export const matrix = {
  '5.10': { suite: 'bullseye-security', arch: 'x64' },
  6.1: { suite: 'bookworm', arch: 'x64' },
  6.12: { suite: 'trixie', arch: 'x64' },
  newest: { suite: 'sid', arch: 'x64' },
  arm64: { suite: 'bookworm', arch: 'arm64' },
}

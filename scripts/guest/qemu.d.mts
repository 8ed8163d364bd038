export function runGuest(options: {
  readonly arch: 'x64' | 'arm64'
  readonly image: string
  readonly initramfs: string
  /** in MB */
  readonly memory?: number
  readonly threads?: 'single' | 'multi'
  readonly share?: string
  readonly timeout: number
  readonly silence?: () => number
  readonly signal?: AbortSignal
  readonly onLine?: (line: string) => void
}): Promise<{ readonly lines: readonly string[]; readonly ended: 'off' | 'silent' | 'late' | 'aborted' }>

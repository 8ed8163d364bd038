/** A kernel and the modules that guests need. */
export interface Kernel {
  /** as `uname -r` says */
  readonly release: string
  /** path of the image */
  readonly image: string
  /** path of its configuration */
  readonly config: string | undefined
  /** in no order */
  readonly modules: readonly { readonly name: string; readonly bytes: Buffer }[]
}

export function debianKernel(options: {
  readonly suite: string
  readonly arch?: 'x64' | 'arm64'
  readonly flavour?: string
  readonly note?: (text: string) => void
}): Promise<Kernel>

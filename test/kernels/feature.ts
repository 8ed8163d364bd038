/** A feature of Millrace, tried by a small program over the public API. */
export interface Feature {
  /** the least Linux version that has it, from the kernel's own history; on arm64 another one */
  readonly since: string | { readonly x64: string; readonly arm64: string }
  /** what the kernel must have been built with, besides */
  readonly config?: string
  /** Fails, or throws an UnsupportedKernelError. What it returns is kept with the result. */
  readonly run: () => unknown
}

/** Features of a part of Millrace, by name. */
export type Area = Readonly<Record<string, Feature>>

import { execFileSync } from 'node:child_process'

/**
 * Whether this kernel takes programs that replace functions of others, asked of bpftool and not of what is tested. One that does not
 * runs these tests in a guest: see guest.kernel.test.ts.
 */
export const canReplace = /program_type ext is available/.test(
  execFileSync('bpftool', ['feature', 'probe', 'kernel'], { encoding: 'utf8' }),
)

import { nativeBinding, programTypes } from '@millrace/core/internal'

/** Whether this is a virtual machine with a kernel of Debian: see test/guest/vitest.config.ts. */
export const isGuest = process.env.MILLRACE_GUEST !== undefined

/**
 * Whether this kernel takes programs that replace functions of others, as libbpf finds out. One that does not runs these tests in a
 * guest, which must.
 */
export const canReplace = isGuest || nativeBinding().probeProgramType(programTypes.check('type', 'ext')) === 1

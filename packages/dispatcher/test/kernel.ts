import { nativeBinding, programTypes } from '@millrace/core/internal'

/**
 * Whether this kernel takes programs that replace functions of others, as libbpf finds out. One that does not runs these tests in a
 * guest, which must: see test/guest/vitest.config.ts.
 */
export const canReplace =
  process.env.MILLRACE_GUEST !== undefined || nativeBinding().probeProgramType(programTypes.check('type', 'ext')) === 1

export type { Context, SkbContext, XdpContext } from './context.js'
export { type TestableProgram, type TestRunOptions, type TestRunResult, testRun } from './test-run.js'
export type { Action } from './verdicts.js'

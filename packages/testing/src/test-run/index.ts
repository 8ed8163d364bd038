export type { Context, SkbContext, XdpContext } from './context.js'
export {
  type FlowDissectorOptions,
  type FlowDissectorResult,
  type FlowKeys,
  testFlowDissector,
} from './flow-dissector.js'
export { type SkLookupOptions, type SkLookupResult, type SocketAddress, testSkLookup } from './sk-lookup.js'
export { type TestableProgram, type TestRunOptions, type TestRunResult, testRun } from './test-run.js'
export type { Action } from './verdicts.js'

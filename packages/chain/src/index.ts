/**
 * Chains of programs on one hook, changed under traffic without losing a packet.
 *
 * @packageDocumentation
 */
export { TailCallChain } from './chain.js'
export {
  ChainAdoptError,
  ChainFullError,
  ChainLockedError,
  ChainPinnedError,
  DuplicateStageError,
  NotAStageError,
  StageNotReloadableError,
  StageRefusedError,
  UnknownStageError,
} from './errors/index.js'
export type { ChainHook, StagePrograms } from './hooks/hook.js'
export type { ChainEnd } from './hooks/verdicts.js'
export type {
  AdoptChainOptions,
  CreateTcChainOptions,
  CreateXdpChainOptions,
  PinPlace,
  PurgeChainOptions,
  ReplaceStageOptions,
  StageBehaviour,
  StageDefinition,
  StageOptions,
  StagePosition,
  TcPlace,
  XdpPlace,
} from './options.js'
export type { StageProgram, StageReport } from './report.js'

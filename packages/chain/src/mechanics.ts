import type { Program } from '@millrace/core'
import { readCounters } from './counters.js'
import { StageRefusedError } from './errors/index.js'
import type { Hook } from './hooks/hook.js'
import type { ChainFolder } from './pins/chain-folder.js'
import type { Mechanics } from './plan/linked-chain.js'
import type { Stage } from './stages/stage.js'
import { type StageConstants, StageInstance } from './stages/stage-instance.js'
import { waitForPackets } from './wait-for-packets.js'

/** What a chain is made of besides its stages. */
export interface ChainParts {
  readonly hook: Hook
  /** the program behind the last stage */
  readonly end: Program
  /** undefined: the chain is not pinned */
  readonly folder: ChainFolder | undefined
  readonly constants: StageConstants
  /** enum bpf_attach_type of all programs; undefined: that of their section */
  readonly attachType: number | undefined
}

/** How a chain is changed in the kernel. */
export class KernelMechanics implements Mechanics<Stage, StageInstance> {
  readonly #parts: ChainParts
  #head: Program
  #missed = 0n

  /** @param head - the program on the hook */
  constructor(parts: ChainParts, head: Program) {
    this.#parts = parts
    this.#head = head
  }

  /** The program on the hook. */
  get head(): Program {
    return this.#head
  }

  /** Missed tail calls of stages that are gone. */
  get missed(): bigint {
    return this.#missed
  }

  make(stage: Stage, next: StageInstance | undefined): StageInstance {
    const { end, folder, constants, attachType } = this.#parts
    const instance = StageInstance.load(stage, constants, attachType)
    try {
      checkBuild(instance, end)
      instance.lead(next?.program ?? end)
      if (folder !== undefined) instance.pin(folder.makeInstance({ stage: stage.name, tailCalls: stage.tailCalls }))
      return instance
    } catch (error) {
      instance.discard()
      throw error
    }
  }

  lead(from: StageInstance | undefined, to: StageInstance | undefined): void {
    const program = to?.program ?? this.#parts.end
    if (from !== undefined) {
      from.lead(program)
      return
    }
    this.#parts.hook.attachment.update(program, { expectedOld: this.#head })
    this.#head = program
  }

  discard(instance: StageInstance): void {
    // A total that is not to fall when the last of those goes that count into a map.
    if (instance.stage.counted.size === 1) this.#missed += readCounters(instance.counters).missed
    instance.discard()
  }

  wait(): Promise<void> {
    return waitForPackets()
  }
}

/**
 * The kernel lets no interpreted program go on to a compiled one, nor the other way round. They differ when net.core.bpf_jit_enable was
 * changed, or when the JIT could not compile one of them.
 *
 * @throws StageRefusedError
 */
export function checkBuild(
  { stage, program }: { readonly stage: { readonly name: string }; readonly program: Pick<Program, 'name' | 'info'> },
  end: Pick<Program, 'info'>,
): void {
  const [interpreted, chainInterpreted] = [program, end].map((it) => it.info().jitedSize === 0)
  if (interpreted === chainInterpreted) return
  const build = (is: boolean | undefined) => (is ? 'interpreted' : 'compiled by the JIT')
  throw new StageRefusedError({
    stage: stage.name,
    program: program.name,
    reason:
      `it is ${build(interpreted)}, and the chain is ${build(chainInterpreted)}: the kernel makes no tail calls between the two; ` +
      'look at net.core.bpf_jit_enable, and make the chain anew',
  })
}

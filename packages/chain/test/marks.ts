import { load, type Program } from '@millrace/core'
import type { ChainHook, StagePrograms } from '../src/index.js'
import { stagesTc } from './generated/stages_tc.bpf.js'
import { stagesXdp } from './generated/stages_xdp.bpf.js'

/** Stages that write a number each into the packets of a stream. */
export interface Marks<H extends ChainHook> extends Disposable {
  of(id: number): StagePrograms[H]
}

const others = ['decide', 'remember', 'branch', 'lone', 'writeNote', 'readNote'] as const

const loadMark = {
  xdp: (id: number) => load(stagesXdp, { constants: { id }, omit: others }),
  tc: (id: number) => load(stagesTc, { constants: { id }, omit: others }),
}

/** @param ids - 1 to 255 */
export async function loadMarks<H extends ChainHook>(hook: H, ids: readonly number[]): Promise<Marks<H>> {
  const objects = await Promise.all(ids.map((id) => loadMark[hook](id)))
  const programs = new Map<number, Program>(ids.map((id, index) => [id, objects[index]?.programs.mark as Program]))
  return {
    of: (id) => programs.get(id) as StagePrograms[H],
    [Symbol.dispose]: () => {
      for (const object of objects) object.close()
    },
  }
}

/** 1 to `count`. */
export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

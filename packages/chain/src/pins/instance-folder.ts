import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type KernelObject, Program, RawMap } from '@millrace/core'

/** What a folder's name tells of the instance in it. */
export interface InstanceName {
  /** the later one was made later */
  readonly sequence: number
  /** that the stage's program makes itself, at most */
  readonly tailCalls: number
  /** of the stage */
  readonly stage: string
}

/** `12-0-firewall`: when it was made, the tail calls of its own, the stage's name. */
const pattern = /^(\d+)-(\d+)-(.+)$/

/** Of a map that is no variable of C, such as `.rodata`: a bpf filesystem takes no dots, and C no name with this. */
const INSTEAD_OF_DOT = '@'

/**
 * The pins of one instance: its program, its slot (`next`), its counters, and all maps that the program uses, by name. With these
 * a program array stays filled, and timers run, when the process that made the instance ends.
 */
export class InstanceFolder implements InstanceName {
  readonly path: string
  readonly sequence: number
  readonly tailCalls: number
  readonly stage: string

  private constructor(path: string, { sequence, tailCalls, stage }: InstanceName) {
    this.path = path
    this.sequence = sequence
    this.tailCalls = tailCalls
    this.stage = stage
  }

  /** Makes a folder, with nothing in it yet. */
  static make(chain: string, name: InstanceName): InstanceFolder {
    const path = join(chain, `${name.sequence}-${name.tailCalls}-${name.stage}`)
    mkdirSync(join(path, 'maps'), { recursive: true })
    return new InstanceFolder(path, name)
  }

  /** Those that there are in the folder of a chain, the oldest first. */
  static list(chain: string): InstanceFolder[] {
    return readdirSync(chain)
      .flatMap((file) => {
        const [, sequence, tailCalls, stage] = pattern.exec(file) ?? []
        if (stage === undefined) return []
        return [
          new InstanceFolder(join(chain, file), { sequence: Number(sequence), tailCalls: Number(tailCalls), stage }),
        ]
      })
      .sort((a, b) => a.sequence - b.sequence)
  }

  /** @throws PinError */
  pin(parts: {
    readonly program: KernelObject
    readonly next: KernelObject
    readonly counters: KernelObject
    readonly maps: ReadonlyMap<string, KernelObject>
  }): void {
    parts.next.pin(join(this.path, 'next'))
    parts.counters.pin(join(this.path, 'counters'))
    for (const [name, map] of parts.maps) map.pin(this.#mapPath(name))
    // The last one: where this is, the others are.
    parts.program.pin(join(this.path, 'program'))
  }

  /** @throws PinError when it is not there: the instance was not finished */
  openProgram(): Program {
    return Program.open(join(this.path, 'program'))
  }

  openNext(): RawMap {
    return RawMap.open(join(this.path, 'next'))
  }

  openCounters(): RawMap {
    return RawMap.open(join(this.path, 'counters'))
  }

  /** Of the maps but for the slot and the counters, by their names in C. */
  mapNames(): string[] {
    return readdirSync(join(this.path, 'maps')).map((file) => basename(file).replaceAll(INSTEAD_OF_DOT, '.'))
  }

  openMap(name: string): RawMap {
    return RawMap.open(this.#mapPath(name))
  }

  /** Takes all pins away. What is at work stays so while something else holds it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  #mapPath(name: string): string {
    return join(this.path, 'maps', name.replaceAll('.', INSTEAD_OF_DOT))
  }
}

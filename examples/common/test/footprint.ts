import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { listPrograms } from '@millrace/core'

/** What a process has made that could outlive it. */
export interface Footprint {
  /** of its descendants */
  readonly processes: readonly number[]
  /** `net:[4026532008]`, other than that of this process */
  readonly namespaces: readonly string[]
  /** ids */
  readonly programs: readonly number[]
}

export function footprintOf(pid: number): Footprint {
  const processes = descendants(pid)
  const namespaces = new Set(processes.map(namespaceOf).filter((it) => it !== '' && it !== namespaceOf(process.pid)))
  return { processes, namespaces: [...namespaces], programs: programsOf(pid) }
}

/** What of it is still there. */
export function remains({ processes, namespaces, programs }: Footprint): Footprint {
  const inUse = new Set(pids().map(namespaceOf))
  const loaded = new Set(listPrograms().map(({ id }) => id))
  return {
    processes: processes.filter((pid) => namespaceOf(pid) !== ''),
    namespaces: namespaces.filter((it) => inUse.has(it)),
    programs: programs.filter((id) => loaded.has(id)),
  }
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

function descendants(pid: number): number[] {
  const children = pids().filter((it) => parentOf(it) === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

function parentOf(pid: number): number {
  return Number(/\) \S (\d+)/.exec(unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'utf8')))?.[1])
}

/** '' for a process that is gone. */
function namespaceOf(pid: number): string {
  return unlessGone(() => readlinkSync(`/proc/${pid}/ns/net`))
}

/** A descriptor of a program says its id. */
function programsOf(pid: number): number[] {
  const texts = readdirSync(`/proc/${pid}/fdinfo`).map((fd) =>
    unlessGone(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')),
  )
  return texts.flatMap((text) => /^prog_id:\s*(\d+)/m.exec(text)?.[1] ?? []).map(Number)
}

function unlessGone(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

import type { SourceLine } from '../errors/index.js'

/** What a log says of the program that was refused. */
export interface RefusedProgram {
  readonly program: string
  /** in the verifier's own words */
  readonly reason: string
  /** what was being checked when it gave up */
  readonly line: SourceLine | undefined
  /** what the verifier printed, without libbpf's lines around it */
  readonly log: string
}

const begin = /^(?:libbpf: )?prog '(.+)': -- BEGIN PROG LOAD LOG --$/
const end = /^(?:libbpf: )?-- END PROG LOAD LOG --$/
/** `; text @ file.c:12`; before Linux 6.9 `; text`. A jump's next line may stand behind the instruction. */
const source = /^(?:\d+: \([0-9a-f]{2}\) .*? )?; (.+) @ (.+):(\d+)$/
const sourceWithoutPlace = /^; (.+)$/
const instruction = /^\d+: (\([0-9a-f]{2}\) |<invalid|R\d|safe)/
/** Lines that follow the reason, or stand among the instructions and explain none. */
const noise = [
  /^processed \d+ insns/,
  /^(verification time|stack depth|max_states|peak_states|insns processed)/,
  /^(cur|old) state:/,
  /^(from \d+ to \d+|mark_precise|last_idx|regs=|parent |frame\d|caller|returning from|propagating|func#|Func#|Validating |BPF_|arg#)/,
  /^R\d+(_\w+)?=/,
  /^(verifier log|\s*$)/,
]

/**
 * Finds the refused program in what libbpf printed, with the reason and the C line. Undefined: no verifier's log in it, so
 * the load failed before or after the verifier.
 */
export function parseVerifierLog(log: string): RefusedProgram | undefined {
  const lines = log.split('\n')
  const start = lines.findLastIndex((line) => begin.test(line))
  const program = begin.exec(lines[start] ?? '')?.[1]
  if (program === undefined) return undefined
  const stop = lines.findIndex((line, index) => index > start && end.test(line))
  const own = lines.slice(start + 1, stop === -1 ? undefined : stop)
  return { program, ...lastWords(own), log: own.join('\n') }
}

function lastWords(lines: readonly string[]): { reason: string; line: SourceLine | undefined } {
  const last = lines.findLastIndex((line) => instruction.test(line) || sourceOf(line) !== undefined)
  const reasons = lines.slice(last + 1).filter((line) => !noise.some((pattern) => pattern.test(line)))
  const at = lines.findLastIndex((line) => sourceOf(line) !== undefined)
  return { reason: reasons.join('; ') || 'the verifier gave no reason', line: sourceOf(lines[at] ?? '') }
}

function sourceOf(text: string): SourceLine | undefined {
  const found = source.exec(text)
  if (found !== null) return { text: found[1] ?? '', file: found[2], number: Number(found[3]) }
  const bare = sourceWithoutPlace.exec(text)?.[1]
  return bare === undefined ? undefined : { text: bare, file: undefined, number: undefined }
}

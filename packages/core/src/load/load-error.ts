import { type Failure, type NativeObject, nativeBinding } from '../binding.js'
import { hasCapability } from '../capabilities.js'
import { errno } from '../errno.js'
import {
  ArgumentError,
  type MillraceError,
  ObjectFileError,
  UnsupportedKernelError,
  VerifierError,
} from '../errors/index.js'
import { explain, lockedMemoryHint } from '../explain.js'
import { helperById } from '../features/helpers.js'
import { isLacking, programTypeSince } from '../features/versions.js'
import { isAtLeast, runningKernel } from '../kernel-version.js'
import { mapCreateError } from '../map-errors.js'
import { needsOfProgram } from '../program-needs.js'
import { programTypes } from '../program-type.js'
import type { PlannedMap } from './apply-options.js'
import { verifierAdvice } from './verifier-advice.js'
import { parseVerifierLog, type RefusedProgram } from './verifier-log.js'

/** What libbpf says when the object asks for something that nobody can give it. */
const fileProblems = [
  /missing BPF prog type, check ELF section name/,
  /extern .*(not resolved|not found|unsupported|incompatible)/,
  /failed to find BTF for extern/,
  /unexpected relocation|unrecognized relocation|bad (map )?relo|no program found at|failed to relocate/,
  /is not supported|unsupported BTF|BTF is (invalid|required)/,
  /elf: |invalid (license|'version')|legacy map definitions/,
]

/** What a program fails by that the verifier has nothing against. */
const exhausted: ReadonlySet<number> = new Set([errno.EMFILE, errno.ENFILE, errno.ENOMEM])

/** Finds out why loading failed, from what libbpf and the verifier printed, and by asking the kernel after the fact. */
export function loadError(
  failure: Failure,
  object: NativeObject,
  maps: readonly PlannedMap[],
  file: string,
  btf: string | undefined,
): MillraceError {
  const refused = parseVerifierLog(failure.log)
  if (refused !== undefined && !exhausted.has(failure.errno)) return refusal(refused, failure, object)
  if (btf !== undefined && /target BTF/.test(failure.log)) {
    const expected = 'a file with BTF, as it is or in the section .BTF of an ELF file'
    return new ArgumentError({ argument: 'options.btf', value: btf, expected })
  }
  return programError(failure, object) ?? mapError(failure, object, maps) ?? otherError(failure, object, file)
}

/** What libbpf said last, without its name and the line that says only that it failed. */
export function lastWords(log: string): string {
  const lines = log.split('\n').map((line) => line.replace(/^libbpf: /, '').trim())
  return lines.findLast((line) => line !== '' && !/^failed to load object/.test(line)) ?? ''
}

function refusal(refused: RefusedProgram, { log }: Failure, object: NativeObject): MillraceError {
  const missing = /^failed to resolve CO-RE relocation <\w+> \[\d+\] (.+?)(?: \(\d.*)?$/m.exec(refused.reason)?.[1]
  const advice = verifierAdvice(refused.reason, hasCapability('CAP_PERFMON') || hasCapability('CAP_SYS_ADMIN'))
  const explained = advice === undefined ? refused.reason : `${refused.reason} (${advice})`
  const reason = missing === undefined ? explained : `the running kernel has no ${missing} (CO-RE relocation)`
  const error = new VerifierError({ program: refused.program, line: refused.line, reason, log })

  const section = object.programs.find((it) => it.name === refused.program)?.section ?? ''
  if (allowsLowPorts(section, refused.reason) && !isAtLeast(lowPortsSince)) {
    const feature = `the verdict that allows low ports (program ${refused.program})`
    return new UnsupportedKernelError({ feature, needed: lowPortsSince, running: runningKernel(), cause: error })
  }
  const id = /(?:unknown|invalid) func \w+#(\d+)|cannot use helper \w+#(\d+)/.exec(refused.reason)
  const helper = id === null ? undefined : helperById(Number(id[1] ?? id[2]))
  if (helper === undefined || isAtLeast(helper.since)) return error
  const feature = `helper ${helper.name} (program ${refused.program})`
  return new UnsupportedKernelError({ feature, needed: helper.since, running: runningKernel(), cause: error })
}

const lowPortsSince = '5.12'

/** Whether what the verifier does not know is that verdict: 3, or 2, which refuses for another reason. */
function allowsLowPorts(section: string, reason: string): boolean {
  return /^cgroup\/bind[46]/.test(section) && /At program exit .* R0 has value \(0x[23];/.test(reason)
}

function programError({ errno: code, log }: Failure, object: NativeObject): MillraceError | undefined {
  const name = /prog '([^']+)': BPF program load failed/.exec(log)?.[1]
  const description = object.programs.find((it) => it.name === name)
  if (description === undefined) return undefined
  const type = programTypes.nameOf(description.type)
  const needed = programTypeSince(type)
  if (code === errno.EINVAL && isLacking(nativeBinding().probeProgramType(description.type), needed)) {
    return new UnsupportedKernelError({
      feature: `program type ${type} (program ${name})`,
      needed,
      running: runningKernel(),
    })
  }
  const lacking = code === errno.EINVAL ? lackingAbility(description.section) : undefined
  if (lacking !== undefined) {
    const feature = `${lacking.name} (program ${name})`
    return new UnsupportedKernelError({ feature, needed: lacking.since, running: runningKernel() })
  }
  // What goes beyond that limit is refused so.
  const hint = code === errno.EPERM ? lockedMemoryHint() : undefined
  return explain({ operation: `load the ${type} program ${name}`, errno: code, needs: needsOfProgram(type), hint, log })
}

/** What sections ask of programs of a type that is older. */
const abilities = [{ section: /^xdp\.frags(\/|$)/, name: 'XDP for packets in several buffers', since: '5.18' }]

function lackingAbility(section: string): { readonly name: string; readonly since: string } | undefined {
  const ability = abilities.find((it) => it.section.test(section))
  return ability === undefined || isAtLeast(ability.since) ? undefined : ability
}

function mapError(
  { errno: code, log }: Failure,
  object: NativeObject,
  maps: readonly PlannedMap[],
): MillraceError | undefined {
  const name = /map '([^']+)': failed to create/.exec(log)?.[1]
  const description = object.maps.find((it) => it.name === name)
  const planned = maps.find((it) => it.name === name)
  if (description === undefined || planned === undefined) return undefined
  return mapCreateError({ ...description, maxEntries: planned.maxEntries }, code, log)
}

function otherError({ errno: code, log }: Failure, object: NativeObject, file: string): MillraceError {
  const operation = `load ${file}`
  if (/trivial BPF program/.test(log)) {
    const type = object.programs[0]?.type ?? 0
    return explain({ operation, errno: code, needs: needsOfProgram(programTypes.nameOf(type)), log })
  }
  if (/valid kernel BTF|vmlinux BTF/.test(log)) {
    const hint = 'the kernel was built without BTF, which CO-RE needs; give a file with it as the option `btf`'
    return new UnsupportedKernelError({ feature: 'usable BTF', running: runningKernel(), hint })
  }
  const problem = log.split('\n').find((line) => fileProblems.some((pattern) => pattern.test(line)))
  if (problem !== undefined) return new ObjectFileError({ file, reason: problem.replace(/^libbpf: /, ''), log })
  return explain({ operation, errno: code, hint: lastWords(log) || undefined, log })
}

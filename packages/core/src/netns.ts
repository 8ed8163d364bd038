import { readdirSync, statSync } from 'node:fs'
import type { CapabilityNeeds } from './capabilities.js'
import { checkString } from './check.js'
import { errno } from './errno.js'
import { ArgumentError } from './errors/index.js'
import { explain } from './explain.js'
import { suggest } from './suggest.js'

const NAMED = '/run/netns'

/**
 * The file that stands for a network namespace: a path such as `/proc/4242/ns/net` as it is, a name as `ip netns` gives it
 * below `/run/netns`; '' is the namespace of this process.
 */
export function resolveNetns(netns: string | undefined): string {
  if (netns === undefined) return ''
  const name = checkString('options.netns', netns)
  const path = name.includes('/') ? name : `${NAMED}/${name}`
  const problem = problemOf(path)
  if (problem === undefined) return path
  if (problem === errno.EACCES || problem === errno.EPERM) {
    // Only to look at it: the kernel shows the namespaces of a process to who may trace it.
    const needs = [[isOfProcess(path) ? 'CAP_SYS_PTRACE' : 'CAP_DAC_OVERRIDE'], ...needsToEnter(path)] as const
    throw explain({ operation: `enter the network namespace ${path}`, errno: problem, needs })
  }
  throw unknownNetns(netns)
}

/** The error for what is no network namespace. */
export function unknownNetns(netns: string): ArgumentError {
  const names = namedNamespaces()
  return new ArgumentError({
    argument: 'options.netns',
    value: netns,
    expected: `the path of a network namespace, or one of the names in ${NAMED}: ${names.join(', ') || 'there are none'}`,
    suggestion: suggest(netns, names),
  })
}

function isOfProcess(path: string): boolean {
  return /^\/proc\/\d+\//.test(path)
}

function problemOf(path: string): number | undefined {
  try {
    statSync(path)
    return undefined
  } catch (error) {
    return Math.abs((error as NodeJS.ErrnoException).errno ?? errno.EIO)
  }
}

/** What it takes to go there, for errors. */
export function needsToEnter(netns: string): CapabilityNeeds {
  return netns === '' ? [] : [['CAP_SYS_ADMIN']]
}

function namedNamespaces(): string[] {
  try {
    return readdirSync(NAMED)
  } catch {
    // The folder comes with the first name.
    return []
  }
}

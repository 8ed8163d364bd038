import { statSync } from 'node:fs'
import { type NativeTarget, resolveNetns } from '@millrace/core/internal'

/** What a network namespace runs programs for. */
export const netnsHooks = {
  sk_lookup: { attachType: 36, name: 'sk_lookup', linkSince: '5.9' },
  flow_dissector: { attachType: 17, name: 'flow dissector', linkSince: '5.8' },
} as const

/** The hooks of network namespaces, and the kinds of programs that run there. */
export type NetnsHook = keyof typeof netnsHooks

/** Where programs stand. */
export interface Place<H extends NetnsHook = NetnsHook> {
  readonly hook: H
  /** path of the namespace; '' for the one of this process */
  readonly netns: string
  /** inode number of the namespace, by which the kernel knows it: another may take its path */
  readonly inode: number | undefined
}

/** A hook of a namespace that exists. */
export function resolvePlace<H extends NetnsHook>(hook: H, netns: string | undefined): Place<H> {
  const path = resolveNetns(netns)
  return { hook, netns: path, inode: inodeOf(path) }
}

/** Whether the namespace has ended, or whatever had it cannot be reached by its path any more. */
export function isGone({ netns, inode }: Place): boolean {
  return inodeOf(netns) !== inode
}

function inodeOf(netns: string): number | undefined {
  try {
    return statSync(netnsFile(netns)).ino
  } catch {
    return undefined
  }
}

/** How errors name it: `sk_lookup of /run/netns/blue`. */
export function target({ hook, netns }: Place): string {
  return `${netnsHooks[hook].name} of ${netns === '' ? 'this network namespace' : netns}`
}

export function nativeTarget({ netns }: Place): NativeTarget {
  return { path: netnsFile(netns) }
}

function netnsFile(netns: string): string {
  return netns === '' ? '/proc/thread-self/ns/net' : netns
}

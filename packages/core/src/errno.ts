import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/**
 * errno.h by name. ENOTSUPP is the kernel's own, unknown to libc, and bpf(2) returns it.
 */
export const errno = { ...constants.errno, ENOTSUPP: 524 } as const

// The kernel's own name for 95; libc has ENOTSUP for the same.
const names = new Map<number, string>([[errno.EOPNOTSUPP, 'EOPNOTSUPP']])
for (const [name, value] of Object.entries(errno)) if (!names.has(value)) names.set(value, name)

/** `ENOENT` for 2; `errno 4242` for a number that has no name. The sign is ignored. */
export function errnoName(value: number): string {
  const positive = Math.abs(value)
  return names.get(positive) ?? `errno ${positive}`
}

/** What libuv does not know, or of which it says something that is about sockets. */
const texts: ReadonlyMap<number, string> = new Map([
  [errno.ENOTSUPP, 'operation is not supported by this kind of kernel object'],
  [errno.EOPNOTSUPP, 'operation not supported'],
  [errno.ESTALE, 'stale handle'],
  [errno.ENOLINK, 'link has been severed'],
  [errno.EBADMSG, 'bad message'],
  [errno.EDEADLK, 'resource deadlock avoided'],
])

/** `no such file or directory` for 2. The sign is ignored. */
export function errnoText(value: number): string {
  const positive = Math.abs(value)
  return texts.get(positive) ?? getSystemErrorMap().get(-positive)?.[1] ?? 'unknown error'
}

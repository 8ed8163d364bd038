/** Without any capability, for as long as `call` takes; what was opened before stays open. */
export function asNobody<T>(call: () => T): T {
  process.seteuid?.(65534)
  try {
    return call()
  } finally {
    process.seteuid?.(0)
  }
}

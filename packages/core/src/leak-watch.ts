/**
 * Warns when a kernel object was collected as garbage without having been closed. It only warns: to close there would
 * be wrong, since a program array empties, and a link detaches, with its last descriptor, and the garbage collector's time of
 * day is no reason for packets to take another way.
 */
const registry = new FinalizationRegistry<{ readonly what: string; readonly name: string }>(({ what, name }) => {
  process.emitWarning(`the ${what} ${name} was never closed; call close() or declare it with \`using\``, {
    type: 'MillraceWarning',
    code: 'MILLRACE_LEAK',
  })
})

export function watchForLeak(object: object, what: string, name: string): void {
  registry.register(object, { what, name }, object)
}

export function closedInTime(object: object): void {
  registry.unregister(object)
}

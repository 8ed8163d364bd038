import type { RawMap } from '@millrace/core'

type Calls = Pick<
  RawMap,
  'lookupBatch' | 'updateBatch' | 'deleteBatch' | 'lookupAndDeleteBatch' | 'lookupAndDelete' | 'lookupAndDeleteEntry'
>

/** The same kernel map, but for calls that answer as another kernel does. */
export function withCalls(raw: RawMap, calls: Partial<Calls>): RawMap {
  return new Proxy(raw, {
    get(target, name) {
      if (Object.hasOwn(calls, name)) return calls[name as keyof Calls]
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

import { type Infer, load } from '@millrace/core'
import type { HashMap, LpmTrieMap, ProgramArray, RingBuffer } from '@millrace/maps'
import { describe, expectTypeOf, test } from 'vitest'
import {
  type DropEvent,
  everything,
  type FlowKey,
  type Hits,
  type Prefix,
  type Session,
  Verdict,
} from './everything.bpf.js'

declare const session: Session

describe('a generated module', () => {
  test('types the members of the loaded object', async () => {
    const live = await load(everything)
    expectTypeOf(live.maps.sessions).toEqualTypeOf<HashMap<FlowKey, Session>>()
    expectTypeOf(live.maps.blocked).toEqualTypeOf<LpmTrieMap<Prefix, Hits>>()
    expectTypeOf(live.maps.drops).toEqualTypeOf<RingBuffer<DropEvent>>()
    expectTypeOf(live.maps.next).toEqualTypeOf<ProgramArray<'xdp'>>()
    expectTypeOf(live.programs.firewall.type).toEqualTypeOf<'xdp'>()
    expectTypeOf(live.variables.totals.get()).toEqualTypeOf<Hits>()
    // @ts-expect-error there is no such map
    live.maps.session
  })

  test('types constants', () => {
    load(everything, { constants: { defaultVerdict: Verdict.Drop, interfaceName: 'lo', allowedPorts: [1, 2, 3, 4] } })
    // @ts-expect-error 9 is no verdict
    load(everything, { constants: { defaultVerdict: 9 } })
    // @ts-expect-error misspelt
    load(everything, { constants: { defaultVerdikt: 0 } })
  })

  test('has enums as literal types', () => {
    expectTypeOf<Verdict>().toEqualTypeOf<0 | 1 | 2>()
    expectTypeOf(session.cookie).toEqualTypeOf<-1n | 4294967296n>()
  })

  test('has structs of the types that the README names', () => {
    expectTypeOf<Infer<typeof Session>>().toEqualTypeOf<Session>()
    expectTypeOf(session.sequence).toEqualTypeOf<bigint>()
    expectTypeOf(session.version).toEqualTypeOf<number>()
    expectTypeOf(session.isNew).toEqualTypeOf<boolean>()
    expectTypeOf(session.neighbour).toEqualTypeOf<string>()
    expectTypeOf(session.secret).toEqualTypeOf<Uint8Array>()
    expectTypeOf(session.matrix).toEqualTypeOf<number[][]>()
    expectTypeOf(session.token.raw).toEqualTypeOf<Uint8Array | undefined>()
    // @ts-expect-error the kernel alone writes it
    session.lock
  })
})

import type { ArrayMap, PerCpuHashMap } from '@millrace/maps'
import { describe, expectTypeOf, it } from 'vitest'
import { basic, type Counter } from '../../test/generated/basic.bpf.js'
import type { LoadedObject, Program, RawMap, UntypedValue, Variable } from '../index.js'
import { load, loadSync } from './load.js'

describe('load of a generated module', () => {
  const object = {} as LoadedObject<typeof basic>

  it('has each map as the class that its spec makes', () => {
    expectTypeOf(object.maps.counters).toExtend<ArrayMap<Counter>>()
    expectTypeOf(object.maps.perCpu).toExtend<PerCpuHashMap<number, number>>()
    // @ts-expect-error no such map
    object.maps.counter
    // @ts-expect-error maps cannot be exchanged
    object.maps.counters = {} as never
  })

  it('has each program by its kind', () => {
    expectTypeOf(object.programs.decide).toEqualTypeOf<Program<'xdp', 'xdp'>>()
    expectTypeOf(object.programs.mark).toEqualTypeOf<Program<'sched_cls', 'tc'>>()
    object.programs.decide satisfies Program<'xdp'>
    // @ts-expect-error of another section
    object.programs.decide satisfies Program<'xdp', 'xdp.frags'>
    // @ts-expect-error a tc program is no XDP program
    object.programs.mark satisfies Program<'xdp'>
    // @ts-expect-error nor is a program of unknown kind
    ;({}) as Program satisfies Program<'xdp'>
    expectTypeOf(({} as Program).as('xdp')).toEqualTypeOf<Program<'xdp'>>()
    // @ts-expect-error no such kind
    ;({}) as Program<'xpd'>
  })

  it('has each variable by its type', () => {
    expectTypeOf(object.variables.dataU8).toEqualTypeOf<Variable<number>>()
    expectTypeOf(object.variables.seen).toEqualTypeOf<Variable<bigint>>()
    expectTypeOf(object.variables.dataBool).toEqualTypeOf<Variable<boolean>>()
    expectTypeOf(object.variables.dataCounter).toEqualTypeOf<Variable<Counter>>()
    expectTypeOf(object.variables.dataCounter.view().fields.packets).toEqualTypeOf<bigint>()
    expectTypeOf(object.variables.dataCounter.view().field('bytes').add(1n)).toEqualTypeOf<bigint>()
    expectTypeOf(object.constants.threshold).toEqualTypeOf<Variable<bigint>>()
    // @ts-expect-error a struct is not added to
    object.variables.dataCounter.view().add({ packets: 1n, bytes: 1n })
    // @ts-expect-error of 64 bits
    object.variables.seen.view().add(1)
    // @ts-expect-error there is no such field
    object.variables.dataCounter.view().field('packet')
    // @ts-expect-error a number where a bigint belongs
    object.variables.seen.set(1)
  })

  it('takes constants of its own by their type', () => {
    load(basic, { constants: { verdict: 1, threshold: 60n } })
    load(basic, { constants: {} })
    // @ts-expect-error a bigint where a number belongs
    load(basic, { constants: { verdict: 1n } })
    // @ts-expect-error no such constant
    load(basic, { constants: { verdikt: 1 } })
    // @ts-expect-error variables are no constants
    load(basic, { constants: { seen: 1n } })
  })

  it('takes options for its own maps, and only those there are', () => {
    load(basic, {
      maps: { counters: { maxEntries: 8, pin: null, replace: {} as RawMap } },
      pinRoot: '/sys/fs/bpf',
      logLevel: 1,
    })
    load(basic, { maps: { counters: { replace: object.maps.counters } } })
    // @ts-expect-error no such map
    load(basic, { maps: { counter: {} } })
    // @ts-expect-error no such option of a map
    load(basic, { maps: { counters: { entries: 8 } } })
    // @ts-expect-error no such option
    load(basic, { constant: {} })
    // @ts-expect-error no such log level
    load(basic, { logLevel: 9 })
  })

  it('does not have the programs that were left out', async () => {
    const partial = await load(basic, { omit: ['mark'] })
    expectTypeOf(partial.programs).toEqualTypeOf<{ readonly decide: Program<'xdp', 'xdp'> }>()
    // @ts-expect-error no such program
    load(basic, { omit: ['marc'] })
    expectTypeOf(loadSync(basic, { omit: ['decide', 'mark'] }).programs).toEqualTypeOf<Record<never, never>>()
  })
})

describe('load of a file', () => {
  const object = {} as LoadedObject

  it('has maps as bytes, and whatever is asked for may not be there', () => {
    expectTypeOf(load('x.o')).resolves.toEqualTypeOf<LoadedObject>()
    expectTypeOf(loadSync(new Uint8Array())).toEqualTypeOf<LoadedObject>()
    expectTypeOf(load(new URL('file:///x.o'))).resolves.toEqualTypeOf<LoadedObject>()
    expectTypeOf(object.maps.counters).toEqualTypeOf<RawMap | undefined>()
    expectTypeOf(object.programs.decide).toEqualTypeOf<Program | undefined>()
    expectTypeOf(object.variables.seen).toEqualTypeOf<Variable<UntypedValue> | undefined>()
  })

  it('takes any names', () => {
    load('x.o', {
      constants: { verdict: 1, threshold: 2n, flag: true },
      maps: { any: { maxEntries: 1 } },
      omit: ['other'],
    })
    // @ts-expect-error no such option
    load('x.o', { constant: {} })
    // @ts-expect-error no value of a C type
    load('x.o', { constants: { verdict: 'drop' } })
    // @ts-expect-error neither a spec nor a source
    load(5)
  })
})

import { type LoadedObject, load, UserRingWriter } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { type Command, userRing as object } from '../../test/generated/user_ring.bpf.js'
import { HashMap, RingBuffer, UserRingBuffer, u32, u64 } from '../index.js'

/** A command and its header. */
const RECORD = 24
const FITTING = Math.floor(4096 / RECORD)

const bpffs = useBpffs()
let loaded: LoadedObject<typeof object>
let commands: UserRingBuffer<Command>

beforeEach(async () => {
  loaded = await load(object)
  commands = loaded.maps.commands
})
afterEach(() => loaded.close())

/** Runs the program, which reads all commands up to one whose verb is 0; how many it has read. */
const obey = () => loaded.programs.obey.testRun({ data: new Uint8Array(64) }).returnValue

describe('a user ring buffer', () => {
  test('hands events to a program, in order', () => {
    expect(obey()).toBe(0)
    commands.push({ verb: 1, argument: 5n }).push({ verb: 1, argument: 7n })
    expect(obey()).toBe(2)
    expect(loaded.variables.sum.get()).toBe(12n)
    expect(loaded.variables.last.get()).toBe(7n)
    expect(obey()).toBe(0)
  })

  test('keeps what the program has left for its next run', () => {
    commands.push({ verb: 0, argument: 1n }).push({ verb: 1, argument: 2n })
    expect(obey()).toBe(1)
    expect(loaded.variables.last.get()).toBe(1n)
    expect(obey()).toBe(1)
    expect(loaded.variables.last.get()).toBe(2n)
  })

  test('goes around many times', () => {
    let sum = 0n
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 100; i++) {
        commands.push({ verb: 1, argument: BigInt(i) })
        sum += BigInt(i)
      }
      expect(obey()).toBe(100)
    }
    expect(loaded.variables.sum.get()).toBe(sum)
  })

  test('refuses events when it is full, until some are drained', () => {
    for (let i = 0; i < FITTING; i++) expect(commands.tryPush({ verb: 1, argument: 1n })).toBe(true)
    expect(commands.tryPush({ verb: 1, argument: 100n })).toBe(false)
    expect(() => commands.push({ verb: 1, argument: 100n })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'commands', operation: 'push' }),
    )
    expect(obey()).toBe(FITTING)
    expect(loaded.variables.sum.get()).toBe(BigInt(FITTING))
    expect(commands.tryPush({ verb: 1, argument: 1n })).toBe(true)
    expect(obey()).toBe(1)
  })

  test('does not take what is no event', () => {
    expect(() => commands.push({ verb: -1, argument: 1n })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'event.verb' }),
    )
    const cunning = {
      argument: 1n,
      get verb() {
        commands.push({ verb: 1, argument: 2n })
        return 1
      },
    }
    expect(() => commands.push(cunning)).toThrow('fields that do not use this map while they are read')
    expect(obey()).toBe(0)
  })

  test('is written by records of any length', () => {
    using writer = UserRingWriter.of(commands.raw)
    expect(writer.write(new Uint8Array(3))).toBe(true)
    expect(writer.write(new Uint8Array(100).fill(1))).toBe(true)
    expect(obey()).toBe(2)
    expect(loaded.variables.tooShort.get()).toBe(1)
    expect(loaded.variables.last.get()).toBe(0x0101_0101_0101_0101n)
    expect(() => writer.write(new Uint8Array(5000))).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'record' }),
    )
    expect(() => writer.write('text' as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    writer.close()
    expect(writer.closed).toBe(true)
    expect(() => writer.write(new Uint8Array(3))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('is not written to once it is closed; what is in it stays', () => {
    commands.push({ verb: 1, argument: 3n })
    commands.close()
    commands.close()
    expect(() => commands.push({ verb: 1, argument: 3n })).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(obey()).toBe(1)
  })

  test('is opened by its pin', () => {
    const path = `${bpffs.path}/commands`
    commands.pin(path)
    using other = UserRingBuffer.open(path, { event: u64 })
    other.push(1n)
    expect(obey()).toBe(1)
    expect(loaded.variables.tooShort.get()).toBe(1)
    commands.unpin(path)
  })
})

test('one is made without an object file', () => {
  using own = UserRingBuffer.create({ name: 'own', event: u64, maxEntries: 4096 })
  expect(own).toMatchObject({ type: 'user_ringbuf', maxEntries: 4096 })
  for (let i = 0; i < 256; i++) own.push(BigInt(i))
  expect(own.tryPush(0n)).toBe(false)
})

test('what is wrong is refused', () => {
  expect(() => UserRingBuffer.create({ name: 'x', event: u64, maxEntries: 5000 })).toThrow(
    expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.maxEntries' }),
  )
  expect(() => UserRingBuffer.create({ name: 'x', event: 5 as never, maxEntries: 4096 })).toThrow('a codec')
  expect(() => RingBuffer.from(commands.raw, { event: u64 })).toThrow(
    expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
  )
  using hash = HashMap.create({ name: 'hash', key: u32, value: u32, maxEntries: 4 })
  expect(() => UserRingWriter.of(hash.raw)).toThrow('a hash map is no user ring buffer')
  expect(() => UserRingBuffer.from(hash.raw, { event: u32 })).toThrow(
    expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
  )
})

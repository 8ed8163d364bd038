import { describe, expect, it } from 'vitest'
import { freplaceRefusal } from '../../test/support/freplace.js'
import { must } from '../../test/support/native.js'
import { frame, objectFile } from '../../test/support/objects.js'
import { nativeBinding } from '../binding.js'
import { ArgumentError, ClosedError, KernelError, VerifierError } from '../errors/index.js'
import { Link } from '../link.js'
import type { Program } from '../program.js'
import { loadSync } from './load.js'
import { loadAgain } from './load-again.js'
import type { LoadedObject } from './loaded-object.js'

const drop = 1
const tx = 3
const run = (program: Program) => program.testRun({ data: frame() }).returnValue

/** Two copies: the program that is extended, and the object that the extension comes from. */
function loadBoth() {
  const omit = ['redirecting']
  return { target: loadSync(objectFile('extended'), { omit }), source: loadSync(objectFile('extended'), { omit }) }
}

function named(object: LoadedObject, name: string): Program {
  return object.programs[name] ?? expect.unreachable(name)
}

function link(program: Program, target: Program, name: string): Link {
  const to = { program: target.handle, function: name }
  return Link.fromHandle(must(nativeBinding().linkCreate(program.handle, to, 0, null)))
}

it('refuses functions that are not there, and programs that are closed', () => {
  const { target, source } = loadBoth()
  const extended = named(target, 'extended')
  const extend = (name: string) =>
    loadAgain(named(source, 'dropper'), { extends: { program: extended, function: name } })
  expect(() => extend('slott')).toThrow(ArgumentError)
  expect(() => extend('slott')).toThrow(
    /options.extends.function is 'slott', expected a global function of the program ext/,
  )
  expect(() => extend('')).toThrow(ArgumentError)
  target.close()
  expect(() => extend('slot')).toThrow(ClosedError)
  source.close()
})

describe.runIf(freplaceRefusal === 0)('a program that is loaded again to extend another', () => {
  it('takes the place of a function, as a program of kind ext', () => {
    const { target, source } = loadBoth()
    const extended = named(target, 'extended')
    using instance = loadAgain(named(source, 'dropper'), { extends: { program: extended, function: 'slot' } })
    expect(instance.program.type).toBe('ext')
    expect(instance.program.info().type).toBe('ext')
    using attached = link(instance.program, extended, 'slot')
    expect(run(extended)).toBe(drop)
    expect(attached.info()).toMatchObject({ type: 'tracing', targetId: extended.id, cgroupId: undefined })
    attached.close()
    expect(run(extended)).toBe(tx)

    // The extension can be loaded again in its turn: as what it was written for, or to extend again.
    using plain = loadAgain(instance.program)
    expect(plain.program.info().type).toBe('xdp')
    using again = loadAgain(instance.program, { extends: { program: extended, function: 'other_slot' } })
    using elsewhere = link(again.program, extended, 'other_slot')
    expect(run(extended)).toBe(drop)
    elsewhere.close()
    target.close()
    source.close()
  })

  it('keeps what its section asks for', () => {
    const { target, source } = loadBoth()
    const extended = named(target, 'extended_frags')
    using instance = loadAgain(named(source, 'long_dropper'), { extends: { program: extended, function: 'slot' } })
    using _ = link(instance.program, extended, 'slot')
    expect(run(extended)).toBe(drop)
    target.close()
    source.close()
  })

  it('is refused with the reason', () => {
    const { target, source } = loadBoth()
    const extended = named(target, 'extended')
    const attempt = () => loadAgain(named(source, 'dropper'), { extends: { program: extended, function: 'hidden' } })
    expect(attempt).toThrow(VerifierError)
    expect(attempt).toThrow(/hidden\(\) is not a global function/)
    target.close()
    source.close()
  })
})

describe.runIf(freplaceRefusal !== 0)('a kernel without freplace', () => {
  it('has its refusal named', () => {
    const { target, source } = loadBoth()
    const extends_ = { program: named(target, 'extended'), function: 'slot' }
    const attempt = () => loadAgain(named(source, 'dropper'), { extends: extends_ })
    expect(attempt).toThrow(KernelError)
    expect(attempt).toThrow(/could not load the ext program dropper/)
    target.close()
    source.close()
  })
})

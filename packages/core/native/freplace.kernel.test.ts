import { afterEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { freplaceRefusal } from '../test/support/freplace.js'
import { must, NativeTestObject } from '../test/support/native.js'
import { frame, objectFile } from '../test/support/objects.js'

const native = nativeBinding()
const drop = 1
const tx = 3
const redirect = 4

const open: Handle[] = []
afterEach(() => {
  for (const handle of open.splice(0)) native.close(handle)
})

function own(handle: Handle): Handle {
  open.push(handle)
  return handle
}

/** A copy of the program whose functions are replaced. */
function loadTarget(name: 'extended' | 'extended_frags' = 'extended'): Handle {
  using object = new NativeTestObject('extended', [name])
  return own(must(native.openById('program', must(native.programInfo(object.program(name))).id)))
}

/** Opens the object with one program to be loaded. */
function openOnly(program: string): Handle {
  const object = must(native.objectOpen(objectFile('extended'), 'extended', {}))
  own(object.handle)
  for (const { name } of object.programs) {
    native.objectSetProgram(object.handle, name, { autoload: name === program })
  }
  return object.handle
}

function loadReplacement(name: string, program: Handle, replaced: string): Handle {
  const object = openOnly(name)
  expect(native.objectSetProgram(object, name, { extends: { program, function: replaced } })).toBe(0)
  return own(must(native.objectLoadSync(object)).programs[name] ?? 0)
}

const run = (program: Handle) => {
  const options = { data: frame(), dataOutSize: 0, contextOutSize: 0, repeat: 1, flags: 0, cpu: 0, batchSize: 0 }
  return must(native.programTestRun(program, options)).returnValue
}

describe('setting what a program extends', () => {
  it('refuses a function that the program does not have, and handles that are of no program', () => {
    const program = loadTarget()
    const closed = loadTarget()
    native.close(closed)
    const object = openOnly('dropper')
    const extend = (extended: Handle, name: string) =>
      native.objectSetProgram(object, 'dropper', { extends: { program: extended, function: name } })
    for (const name of ['', 'void', 'xdp_md', 'nowhere']) expect(extend(program, name), name).toBe(-errno.ENOENT)
    for (const handle of [0, closed, object]) expect(extend(handle, 'slot')).toBe(-errno.EBADF)
    const change = native.objectSetProgram as (...values: unknown[]) => number
    for (const target of [null, 1, 'slot']) {
      expect(() => change(object, 'dropper', { extends: target })).toThrow(TypeError)
    }
    // A getter that closes the object.
    const closing = {
      get program() {
        native.close(object)
        return program
      },
      function: 'slot',
    }
    expect(native.objectSetProgram(object, 'dropper', { extends: closing })).toBe(-errno.EBADF)
  })

  it('refuses to link a function that the program does not have', () => {
    const program = loadTarget()
    for (const name of ['', 'void', 'nowhere']) {
      expect(native.linkCreate(program, { program, function: name }, 0, null)).toMatchObject({ errno: errno.ENOENT })
    }
    // A program of another kind than freplace.
    expect(native.linkCreate(program, { program, function: 'slot' }, 0, null)).toMatchObject({ errno: errno.EINVAL })
    const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
    const refused = { errno: errno.EINVAL, log: '' }
    expect(native.programAttach(program, { program, function: 'slot' }, 0, order, 0)).toEqual(refused)
    expect(native.programDetach(program, { program, function: 'slot' }, 0)).toEqual(refused)
    expect(native.hookQuery({ program, function: 'slot' }, 0, 0)).toEqual(refused)
  })
})

describe.runIf(freplaceRefusal === 0)('a function', () => {
  it('is replaced while there is a link, which tells where', () => {
    const program = loadTarget()
    expect(run(program)).toBe(tx)
    const replacement = loadReplacement('dropper', program, 'slot')
    const link = must(native.linkCreate(replacement, { program, function: 'slot' }, 0, null))
    expect(run(program)).toBe(drop)
    expect(must(native.linkInfo(link))).toMatchObject({
      type: 2,
      programId: must(native.programInfo(replacement)).id,
      targetId: must(native.programInfo(program)).id,
      targetBtfId: expect.any(Number),
    })
    expect(native.linkCreate(replacement, { program, function: 'slot' }, 0, null)).toMatchObject({ errno: errno.EBUSY })
    native.close(link)
    expect(run(program)).toBe(tx)
  })

  it('is replaced in a program that was loaded later', () => {
    const program = loadTarget()
    const later = loadTarget()
    const replacement = loadReplacement('dropper', program, 'slot')
    own(must(native.linkCreate(replacement, { program: later, function: 'slot' }, 0, null)))
    expect(run(later)).toBe(drop)
    expect(run(program)).toBe(tx)
  })

  it('is one of several in a program', () => {
    const program = loadTarget()
    const last = loadReplacement('redirecting', program, 'other_slot')
    own(must(native.linkCreate(last, { program, function: 'other_slot' }, 0, null)))
    expect(run(program)).toBe(redirect)
    const first = loadReplacement('dropper', program, 'slot')
    own(must(native.linkCreate(first, { program, function: 'slot' }, 0, null)))
    expect(run(program)).toBe(drop)
  })

  it('is found in the program that was given, though its handle is closed before loading', () => {
    const program = loadTarget()
    const object = openOnly('dropper')
    const change = { extends: { program, function: 'slot' } }
    expect(native.objectSetProgram(object, 'dropper', change)).toBe(0)
    const again = own(must(native.openById('program', must(native.programInfo(program)).id)))
    native.close(program)
    // Another file gets the number of its descriptor.
    own(must(native.mapCreate(2, 'other', 4, 4, 1, 0)))
    const replacement = own(must(native.objectLoadSync(object)).programs.dropper ?? 0)
    own(must(native.linkCreate(replacement, { program: again, function: 'slot' }, 0, null)))
    expect(run(again)).toBe(drop)
  })

  it('must be global', () => {
    const program = loadTarget()
    const object = openOnly('dropper')
    const change = { extends: { program, function: 'hidden' } }
    expect(native.objectSetProgram(object, 'dropper', change)).toBe(0)
    expect(native.objectLoadSync(object)).toMatchObject({
      errno: errno.EINVAL,
      log: expect.stringContaining('hidden() is not a global function'),
    })
  })
})

describe.runIf(freplaceRefusal !== 0)('a kernel without freplace', () => {
  it('says so when the program is loaded', () => {
    const object = openOnly('dropper')
    const change = { extends: { program: loadTarget(), function: 'slot' } }
    expect(native.objectSetProgram(object, 'dropper', change)).toBe(0)
    expect(native.objectLoadSync(object)).toMatchObject({ errno: freplaceRefusal })
  })
})

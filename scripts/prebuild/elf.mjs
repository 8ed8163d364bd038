/** What the loader of the system will ask of a shared library, read from the file itself: 64 bits, least byte first. */

const types = { strings: 3, symbols: 2, dynamic: 6, dynamicSymbols: 11, needs: 0x6ffffffe }
const machines = { 62: 'x64', 183: 'arm64' }
const neededTag = 1

function sectionsOf(view) {
  const start = Number(view.getBigUint64(40, true))
  const size = view.getUint16(58, true)
  return Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const at = start + index * size
    return {
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      size: Number(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
      count: view.getUint32(at + 44, true),
    }
  })
}

/**
 * - `machine`: `x64` or `arm64`
 * - `libraries`: those it cannot be loaded without
 * - `versions`: of symbols in them, such as `GLIBC_2.28`
 * - `exports`: what it defines for others
 * - `stripped`: whether it has no symbols but those
 */
export function readElf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) !== 0x7f454c46 || view.getUint16(4) !== 0x0201)
    throw new Error('no ELF file of 64 bits, least byte first')
  const sections = sectionsOf(view)
  const byType = (type) => sections.filter((section) => section.type === type)
  const text = (section, offset) => {
    const start = section.offset + offset
    return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString('latin1')
  }
  const libraries = byType(types.dynamic).flatMap((section) =>
    range(section.offset, section.size, 16)
      .filter((at) => view.getBigUint64(at, true) === BigInt(neededTag))
      .map((at) => text(sections[section.link], Number(view.getBigUint64(at + 8, true)))),
  )
  const exports = byType(types.dynamicSymbols).flatMap((section) =>
    range(section.offset, section.size, 24)
      .filter((at) => view.getUint16(at + 6, true) !== 0)
      .map((at) => text(sections[section.link], view.getUint32(at, true))),
  )
  return {
    machine: machines[view.getUint16(18, true)],
    libraries,
    versions: byType(types.needs).flatMap((section) =>
      versionsIn(view, section, (at) => text(sections[section.link], at)),
    ),
    exports,
    stripped: byType(types.symbols).length === 0,
  }
}

const range = (start, length, step) =>
  Array.from({ length: Math.floor(length / step) }, (_, index) => start + index * step)

/** Two linked lists: of libraries, and for each of the versions that are needed of it. */
function versionsIn(view, section, text) {
  const found = []
  let library = section.offset
  for (let left = section.count; left > 0; left--) {
    let version = library + view.getUint32(library + 8, true)
    for (let wanted = view.getUint16(library + 2, true); wanted > 0; wanted--) {
      found.push(text(view.getUint32(version + 8, true)))
      version += view.getUint32(version + 12, true)
    }
    library += view.getUint32(library + 12, true)
  }
  return found
}

const width = 16

/** The lines of 16 bytes in which two packets differ, one above the other, with the bytes marked. */
export function hexDiff(actual: Uint8Array, expected: Uint8Array): readonly string[] {
  const lines: string[] = []
  for (let offset = 0; offset < Math.max(actual.length, expected.length); offset += width) {
    const columns = Array.from({ length: width }, (_, index) => offset + index)
    if (columns.every((at) => actual[at] === expected[at])) continue
    const row = (bytes: Uint8Array) => columns.map((at) => bytes[at]?.toString(16).padStart(2, '0') ?? '  ').join(' ')
    const marks = columns.map((at) => (actual[at] === expected[at] ? '  ' : '^^')).join(' ')
    lines.push(
      `${offset.toString(16).padStart(4, '0')}  ${row(actual)}  actual`,
      `      ${row(expected)}  expected`,
      `      ${marks.trimEnd()}`,
    )
  }
  return lines
}

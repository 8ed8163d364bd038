/** Headers of libraries, enough to tell for what they were built. */

const elfMachines: Readonly<Record<string, number>> = { x64: 62, arm64: 183, s390x: 22 }

export function anElf(processor: string | number, contents = ''): Buffer {
  const machine = typeof processor === 'number' ? processor : (elfMachines[processor] ?? 0)
  const header = Buffer.alloc(64)
  header.write('\x7fELF', 'latin1')
  const isBig = processor === 's390x'
  header[4] = 2
  header[5] = isBig ? 2 : 1
  if (isBig) header.writeUInt16BE(machine, 18)
  else header.writeUInt16LE(machine, 18)
  return Buffer.concat([header, Buffer.from(contents, 'latin1')])
}

export function aMacho(processor: 'x64' | 'arm64'): Buffer {
  const header = Buffer.alloc(32)
  header.writeUInt32LE(0xfeed_facf, 0)
  header.writeUInt32LE(processor === 'x64' ? 0x0100_0007 : 0x0100_000c, 4)
  return header
}

export function aPe(processor: 'x64' | 'arm64'): Buffer {
  const header = Buffer.alloc(128)
  header.write('MZ', 'latin1')
  header.writeUInt32LE(64, 60)
  header.write('PE\0\0', 64, 'latin1')
  header.writeUInt16LE(processor === 'x64' ? 0x8664 : 0xaa64, 68)
  return header
}

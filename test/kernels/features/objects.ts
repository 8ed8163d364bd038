import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from '@millrace/core'
import type { Area, Feature } from '../feature.js'

const folder = fileURLToPath(new URL('./objects', import.meta.url))

/** What needs more than the oldest kernel of the matrix. */
function since(name: string): string {
  if (name.includes('frags')) return '5.18'
  // Low ports.
  return name.startsWith('sockets-own_address') ? '5.12' : '5.10'
}

/** Each object that ships, and those of examples, as each compiler makes it. */
const objects: Area = Object.fromEntries(
  readdirSync(folder).flatMap((compiler) =>
    readdirSync(`${folder}/${compiler}`)
      .sort()
      .map((name): [string, Feature] => [
        `${name.replace('.bpf.o', '')} by ${compiler}`,
        { since: since(name), run: () => verify(`${folder}/${compiler}/${name}`) },
      ]),
  ),
)
export default objects

/** Instructions that the verifier went through, by program; 0 where the kernel does not tell, before 5.16. */
async function verify(file: string): Promise<Record<string, number>> {
  using object = await load(file, { pinRoot: '/sys/fs/bpf/objects' })
  return Object.fromEntries(
    Object.entries(object.programs).map(([name, program]) => [name, program.info().verifiedInstructions]),
  )
}

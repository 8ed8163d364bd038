import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll } from 'vitest'

/**
 * Fails a test file that leaves descriptors of BPF objects open, and names them. A setup file of vitest: it runs before each
 * test file, and its `afterAll` after all others of the file.
 */

interface Descriptor {
  readonly fd: string
  /** as in /proc/self/fd: `anon_inode:bpf-map` */
  readonly target: string
}

const before = new Set(bpfDescriptors().map(({ fd }) => fd))

afterAll(async () => {
  // What the event loop watches is closed a turn later.
  for (let attempt = 0; attempt < 20 && left().length > 0; attempt++) await delay(10)
  const leaked = left().map(describeDescriptor)
  if (leaked.length > 0) throw new Error(`this test file left BPF descriptors open:\n${leaked.join('\n')}`)
})

function left(): Descriptor[] {
  return bpfDescriptors().filter(({ fd }) => !before.has(fd))
}

function bpfDescriptors(): Descriptor[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    const target = targetOf(fd)
    return /^anon_inode:\[?(bpf|btf)/.test(target) ? [{ fd, target }] : []
  })
}

/** The kernel's account of the descriptor: type, sizes and id of a map, tag and id of a program. */
function describeDescriptor({ fd, target }: Descriptor): string {
  const facts = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').matchAll(
    /^((?:map|prog|link)_\w+|max_entries):\s*(.+)$/gm,
  )
  return `  ${target}: ${[...facts].map(([, name, value]) => `${name} ${value}`).join(', ')}`
}

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kernel } from '../../scripts/guest/debian-kernel.mjs'
import { runGuest } from '../../scripts/guest/qemu.mjs'
import { makeInitramfs } from './initramfs.js'

/** How a command ended in a guest. */
export interface GuestResult {
  /** what the command printed; of a guest that has crashed, the whole console */
  readonly output: string
  /** exit code; undefined: the guest has crashed, or took too long */
  readonly code: number | undefined
}

const started = '-- command --'
const ended = /-- exit (\d+) --/

/**
 * Runs a command in a virtual machine with a kernel of its own, in which the host's files are read-only and what is written
 * is gone afterwards. By software emulation: it needs no support of the processor, and is some ten times slower than the host.
 *
 * @param script - for bash
 * @param timeout - milliseconds
 */
export async function runInGuest(kernel: Kernel, script: string, timeout: number): Promise<GuestResult> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-guest-'))
  try {
    const initramfs = join(folder, 'initramfs')
    writeFileSync(initramfs, makeInitramfs(kernel, commandFile(script)))
    const { lines } = await runGuest({ arch: 'x64', image: kernel.image, initramfs, share: '/', timeout })
    const text = lines.join('\n')
    const end = ended.exec(text)
    const start = text.indexOf(started)
    if (end === null || start < 0) return { output: text, code: undefined }
    return { output: text.slice(start + started.length, end.index).trim(), code: Number(end[1]) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function commandFile(script: string): string {
  return `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
stty -onlcr 2> /dev/null
mount -t bpf bpf /sys/fs/bpf
ip link set lo up
echo '${started}'
(
${script}
) 2>&1
echo "-- exit $? --"
echo o > /proc/sysrq-trigger
sleep 60
`
}

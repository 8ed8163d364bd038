import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kernel } from './debian-kernel.js'
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
    const initramfs = join(folder, 'initramfs.gz')
    writeFileSync(initramfs, makeInitramfs(kernel, commandFile(script)))
    const text = await console(kernel.image, initramfs, timeout)
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

/** All that the guest prints, until it is off. */
function console(image: string, initramfs: string, timeout: number): Promise<string> {
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', process.env.SMP ?? '2', '-m', '2048'],
      ...['-nodefaults', '-nographic', '-no-reboot', '-serial', 'stdio', '-kernel', image, '-initrd', initramfs],
      ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
      ...['-append', 'console=ttyS0 quiet panic=-1 mitigations=off'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  return new Promise((resolve, reject) => {
    let text = ''
    const add = (chunk: string) => {
      text += chunk.replaceAll('\r', '')
    }
    qemu.stdout.setEncoding('utf8').on('data', add)
    qemu.stderr.setEncoding('utf8').on('data', add)
    const timer = setTimeout(() => qemu.kill('SIGKILL'), timeout)
    qemu.once('error', reject)
    qemu.once('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}

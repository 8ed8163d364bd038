// A virtual machine by software emulation: it needs no support of the processor, and is some ten times slower than the host.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'

/** What runs a guest of each processor, as `process.arch` calls it. */
export const emulators = {
  x64: {
    command: 'qemu-system-x86_64',
    options: ['-cpu', 'max'],
    console: 'ttyS0',
  },
  arm64: {
    command: 'qemu-system-aarch64',
    // The other way to sign pointers costs more than half of the time.
    options: ['-M', 'virt', '-cpu', 'max,pauth-impdef=on'],
    console: 'ttyAMA0',
  },
}

/**
 * Runs a guest until it is off, has said nothing for `silence()` or has taken `timeout` (milliseconds). Resolves to all that it printed
 * and how it ended: `off`, `silent`, `late` or `aborted`. However this process ends, the guest ends with it.
 *
 * @param threads `single`: processors take turns on one of the host's, which is slower and keeps them from seeing each other's code half changed
 * @param share a folder of the host that the guest can mount as "host", read-only
 * @param onLine is given each line of the console
 */
export function runGuest({
  arch,
  image,
  initramfs,
  memory = 2048,
  threads = 'multi',
  share,
  timeout,
  silence = () => timeout,
  signal,
  onLine,
}) {
  const { command, options, console } = emulators[arch]
  const args = [
    ...options,
    ...['-accel', `tcg,thread=${threads}`, '-smp', process.env.SMP ?? '2', '-m', String(memory)],
    ...['-nodefaults', '-nographic', '-no-reboot', '-serial', 'stdio', '-kernel', image, '-initrd', initramfs],
    ...(share ? ['-virtfs', `local,path=${share},mount_tag=host,security_model=none,readonly=on,multidevs=remap`] : []),
    ...['-append', `console=${console} quiet panic=-1 mitigations=off`],
  ]
  // The signal comes when this process is gone, even by SIGKILL.
  const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    const lines = []
    let ended = 'off'
    const stop = (why) => {
      ended = why
      qemu.kill('SIGKILL')
    }
    const late = setTimeout(stop, timeout, 'late')
    let silent = setTimeout(stop, silence(), 'silent')
    const abort = () => stop('aborted')
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    const add = (text) => {
      clearTimeout(silent)
      silent = setTimeout(stop, silence(), 'silent')
      // The firmware clears the screen.
      const line = stripVTControlCharacters(text.replaceAll('\r', ''))
      lines.push(line)
      onLine?.(line)
    }
    createInterface(qemu.stdout).on('line', add)
    createInterface(qemu.stderr).on('line', add)
    qemu.once('error', reject)
    qemu.once('close', () => {
      clearTimeout(late)
      clearTimeout(silent)
      signal?.removeEventListener('abort', abort)
      resolve({ lines, ended })
    })
  })
}

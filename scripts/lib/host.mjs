import { Refusal } from './run.mjs'

export function requireLinux() {
  if (process.platform !== 'linux')
    throw new Refusal(
      `Millrace drives eBPF in the Linux kernel, and this is ${process.platform}. Run it on Linux 5.10 or later.`,
    )
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new Refusal(`Millrace needs Node.js 20.19 or later, and this is ${process.versions.node}.`)
}

/** `why` completes the sentence "needs root to ...". */
export function requireRoot(command, why) {
  if (process.getuid() !== 0) throw new Refusal(`${command} needs root to ${why}. Run it as root: sudo ${command}`)
}

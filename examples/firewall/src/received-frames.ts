import type { Host } from '@millrace/testing'

/** Frames that an interface has received, by its own count. */
export async function receivedFrames(host: Host, name: string): Promise<number> {
  // The link `/proc/net` leads to the network namespace of whoever follows it.
  const { stdout } = await host.run('cat', ['/proc/net/dev'])
  const frames = new RegExp(`^ *${name}: *\\d+ +(\\d+)`, 'm').exec(stdout)?.[1]
  if (frames === undefined) throw new Error(`no interface ${name} in /proc/net/dev: ${stdout}`)
  return Number(frames)
}

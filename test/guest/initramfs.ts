import { readFileSync } from 'node:fs'
import { archive, directory, file } from '../../scripts/guest/cpio.mjs'
import type { Kernel } from '../../scripts/guest/debian-kernel.mjs'

/**
 * The first files of a guest: busybox, the modules, and a script that puts the host's root filesystem (9p, read-only) below a
 * writable one in memory and goes on there.
 */
export function makeInitramfs({ modules }: Kernel, command: string): Buffer {
  const folders = ['bin', 'proc', 'sys', 'dev', 'modules', 'host', 'memory', 'root']
  return archive([
    folders.map(directory),
    file('bin/busybox', readFileSync('/bin/busybox'), 0o755),
    modules.map(({ name, bytes }) => file(`modules/${name}.ko`, bytes)),
    file('command', command, 0o755),
    file('init', init, 0o755),
  ])
}

/** Which module needs which is not looked up: those that come too early are tried again. */
const init = `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for round in 1 2 3 4; do
  for module in /modules/*.ko; do insmod "$module" 2> /dev/null && rm "$module"; done
done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=524288 host /host || echo 'no files of the host'
mount -t tmpfs tmpfs /memory
mkdir /memory/upper /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /root
for folder in proc sys dev; do mount --move /$folder /root/$folder; done
mount -t tmpfs tmpfs /root/run
mkdir -p /root/dev/shm
mount -t tmpfs tmpfs /root/dev/shm
cp /command /root/run/command
exec switch_root /root /bin/bash /run/command
`

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Kernel } from './debian-kernel.js'

/**
 * The first files of a guest: busybox, the modules, and a script that puts the host's root filesystem (9p, read-only) below a
 * writable one in memory and goes on there.
 */
export function makeInitramfs({ modules }: Kernel, command: string): Buffer {
  const folders = ['bin', 'proc', 'sys', 'dev', 'modules', 'host', 'memory', 'root']
  return gzipSync(
    Buffer.concat([
      ...folders.map((name) => entry(name, 0o040755, Buffer.alloc(0))),
      entry('bin/busybox', 0o100755, readFileSync('/bin/busybox')),
      ...modules.map(({ name, bytes }) => entry(`modules/${name}.ko`, 0o100644, bytes)),
      entry('command', 0o100755, Buffer.from(command)),
      entry('init', 0o100755, Buffer.from(init)),
      entry('TRAILER!!!', 0, Buffer.alloc(0)),
    ]),
    { level: 1 },
  )
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

/** A file in the format "newc" of cpio, which the kernel unpacks. */
function entry(name: string, mode: number, bytes: Buffer): Buffer {
  const path = Buffer.from(`${name}\0`)
  // Magic; inode, mode, user, group, links, time, size, device and special device in two numbers each, length of the name, checksum.
  const numbers = [0, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, path.length, 0]
  const header = Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`)
  return Buffer.concat([padded(Buffer.concat([header, path])), padded(bytes)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

// The first files of a guest, which are all that it has: Debian's kernels for clouds can read no files of the host.
import { archive, directory, file, folderEntries, link } from '../guest/cpio.mjs'

/** An initramfs: programs, modules and what is to be tried. */
export function image({ userland, kernel, app, areas }) {
  const places = ['dev', 'proc', 'sys', 'tmp', 'root', 'run', 'etc', 'var', 'modules'].map(directory)
  return archive([
    folderEntries(`${userland}/usr`, 'usr'),
    ['bin', 'sbin', 'lib', 'lib64'].map((name) => link(name, `usr/${name}`)),
    places,
    folderEntries(app, 'app'),
    kernel.modules.map(({ name, bytes }) => file(`modules/${name}.ko`, bytes)),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    file('init', init(areas), 0o755),
  ])
}

/** Which module needs which is not looked up: those that come too early are tried again. */
const init = (areas) => `#!/bin/busybox sh
export PATH=/usr/bin:/usr/sbin HOME=/root NO_COLOR=1
mkdir -p /usr/sbin
busybox mount -t proc proc /proc
for tool in $(busybox --list); do [ -e /usr/bin/$tool ] || [ -e /usr/sbin/$tool ] || busybox ln -s busybox /usr/bin/$tool; done
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for round in 1 2 3; do
  for module in /modules/*.ko; do insmod "$module" 2> /dev/null && rm "$module"; done
done
ip link set lo up
echo 2 > /proc/sys/kernel/panic_on_oops
echo '@@{"booted":true}'
cd /app
for area in ${areas.join(' ')}; do node --no-warnings run.mjs "$area" 2>&1; done
echo '@@{"finished":true}'
poweroff -f
sleep 60
`

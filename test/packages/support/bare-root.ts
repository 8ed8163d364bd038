import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Mounts what every system has into the root, and becomes the program there. */
const enter = 'for name in proc sys dev; do mount --rbind /$name "$0/$name"; done; exec chroot "$0" "$@"'

/**
 * A root file system that holds Node.js, a shell, the libraries that these two need, and package managers: no compiler, no header, no
 * libbpf, nothing to fall back on. Removed by `using`.
 */
export class BareRoot implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-root-'))

  constructor() {
    for (const name of ['proc', 'sys', 'dev', 'tmp', 'root/app', 'etc', 'usr/bin', 'usr/lib/node_modules', 'bin'])
      mkdirSync(join(this.folder, name), { recursive: true })
    this.#program(process.execPath, 'usr/bin/node')
    this.#program('/bin/sh', 'bin/sh')
    this.#program('/usr/bin/env', 'usr/bin/env')
    writeFileSync(join(this.folder, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n')
    const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())))
    cpSync(npm, this.path('usr/lib/node_modules/npm'), { recursive: true })
    symlinkSync('../lib/node_modules/npm/bin/npx-cli.js', this.path('usr/bin/npx'))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Command and arguments that run a program in the root, in a mount namespace of its own, with root's own environment. */
  command(...program: readonly string[]): [string, string[]] {
    const clean = ['env', '-i', 'PATH=/usr/bin:/bin', 'HOME=/root', 'LANG=C.UTF-8', 'CI=true']
    const inside = ['/usr/bin/env', '-C', '/root/app', ...clean.slice(1), ...program]
    return ['unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', enter, this.folder, ...inside]]
  }

  /** Copies a program with the libraries that it is linked to, to the places where they are here. */
  #program(from: string, to: string): void {
    copyFileSync(realpathSync(from), this.path(to))
    const libraries = execFileSync('ldd', [from], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)
    for (const [, library = ''] of libraries) {
      mkdirSync(dirname(this.path(library)), { recursive: true })
      copyFileSync(realpathSync(library), this.path(library))
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

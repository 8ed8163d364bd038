import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Host } from '@millrace/testing'
import { members } from './generated/members.bpf.js'

/** What `xdp-loader status` says of one program. */
export interface LoaderStatus {
  readonly priority: number
  readonly name: string
  readonly id: number
  readonly tag: string
  readonly actions: string
}

/** xdp-loader in the far host, on the bpf filesystem of a test. */
export class XdpLoader {
  readonly #host: Host
  readonly #bpffs: string

  constructor(host: Host, bpffs: string) {
    this.#host = host
    this.#bpffs = bpffs
  }

  /** Loads a program of the tests' object, which leaves the mark `?`. */
  async load(program: string, ...options: string[]): Promise<void> {
    const object = fileURLToPath(members.file)
    await this.#run('load', '--pin-path', this.#bpffs, '--prog-name', program, ...options, 'eth0', object)
  }

  async unload(...options: string[]): Promise<void> {
    await this.#run('unload', 'eth0', ...options)
  }

  /** The dispatcher's line, and those of its programs. */
  async status(): Promise<{ dispatcher: string | undefined; programs: LoaderStatus[] }> {
    const lines = (await this.#run('status')).split('\n')
    const first = lines.findIndex((line) => /^eth0 /.test(line))
    const programs: LoaderStatus[] = []
    for (const line of lines.slice(first + 1)) {
      const [, priority, name = '', id, tag = '', actions = ''] =
        /^ =>\s+(\d+)\s+(\S+)\s+(\d+)\s+([0-9a-f]{16})\s*(\S*)/.exec(line) ?? []
      if (priority === undefined) break
      programs.push({ priority: Number(priority), name, id: Number(id), tag, actions })
    }
    return { dispatcher: /^eth0\s+(\w+)/.exec(lines[first] ?? '')?.[1], programs }
  }

  async #run(...args: string[]): Promise<string> {
    const { stdout } = await this.#host.run('xdp-loader', args, { env: { ...process.env, LIBXDP_BPFFS: this.#bpffs } })
    return stdout
  }
}

/** All that is left of dispatchers on a bpf filesystem. */
export function remains(bpffs: string): string[] {
  return ['xdp', 'millrace/dispatcher'].flatMap((folder) => {
    const path = `${bpffs}/${folder}`
    return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : []
  })
}

import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { load, type Program, RawMap } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import { objectFile } from '../support/objects.js'
import type { Bundle } from './bundle-child.js'
import type { Outcome } from './child.js'
import type { Capability, Prepared } from './operations.js'

const NOBODY = 65534
/** Nothing is attached with them, and not every kernel that can run the rest has them. */
const omit = ['load_kprobe', 'load_lsm', 'load_netfilter', 'load_tracing', 'load_tracepoint']

interface Places {
  readonly bundle: Bundle
  readonly bpffs: string
  readonly cgroup: string
  /** where the attempts are made */
  readonly netns: string
  readonly otherNetns: string
}

/** What root makes for the attempts: programs and maps that are pinned for everybody, a program on an interface. */
export async function prepare({ bundle, bpffs, cgroup, netns, otherNetns }: Places): Promise<Disposable & Prepared> {
  chmodSync(bpffs, 0o755)
  const [shared, pins] = [join(bpffs, 'shared'), join(bpffs, 'pins')]
  for (const folder of [shared, pins]) mkdirSync(folder, { mode: 0o755 })
  chownSync(pins, NOBODY, NOBODY)
  const publish = (object: Program | RawMap, name: string, mode = 0o666) => {
    object.pin(join(shared, name))
    chmodSync(join(shared, name), mode)
  }
  const object = await load(objectFile('every-type'), { omit })
  for (const program of Object.values(object.programs)) publish(program, program.type)
  const map = RawMap.create({ type: 'hash', name: 'shared', keySize: 4, valueSize: 4, maxEntries: 8 })
  publish(map, 'map')
  for (const [name, type] of [
    ['perf', 'perf_event_array'],
    ['sockmap', 'sockmap'],
    ['own', 'array'],
  ] as const) {
    using made = RawMap.create({ type, name, keySize: 4, valueSize: 4, maxEntries: 64 })
    publish(made, name, name === 'own' ? 0o600 : 0o666)
  }
  const program = object.programs.load_xdp?.as('xdp') as Program<'xdp'>
  const veth = ['ip', 'link', 'add', 'busy', 'type', 'veth', 'peer', 'name', 'peer']
  execFileSync('nsenter', [`--net=${netns}`, ...veth])
  const attachment = attachXdp(program, 'busy', { netns, mode: 'generic' })
  attachment.link?.pin(join(shared, 'link'))
  chmodSync(join(shared, 'link'), 0o666)
  const mounted = join(bundle.folder, 'netns')
  writeFileSync(mounted, '')
  execFileSync('mount', ['--bind', otherNetns, mounted])
  return {
    object: bundle.object,
    pins,
    shared,
    ids: { program: program.id, map: map.id, link: attachment.link?.id ?? 0 },
    netns: { proc: otherNetns, mounted },
    cgroup,
    [Symbol.dispose]() {
      execFileSync('umount', [mounted])
      attachment.link?.unpin()
      for (const it of [attachment, map, object]) it.close()
    },
  }
}

/** Has all operations tried by an ordinary user in that namespace with these capabilities and no other. */
export async function attemptWith(
  granted: readonly Capability[],
  netns: string,
  bundle: Bundle,
  prepared: Prepared,
): Promise<readonly Outcome[]> {
  const rights = ['-all', ...granted.map((it) => `+${it.slice('CAP_'.length).toLowerCase()}`)].join(',')
  const user = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups']
  const setpriv = ['setpriv', ...user, '--inh-caps', rights, '--ambient-caps', rights]
  const args = [`--net=${netns}`, ...setpriv, process.execPath, bundle.script, JSON.stringify(prepared)]
  const options = { cwd: '/', env: bundle.env, maxBuffer: 1 << 26 }
  const { stdout } = await promisify(execFile)('nsenter', args, options)
  return JSON.parse(stdout)
}

// Packages of another Debian suite than the machine's own, fetched by a private apt: nothing of the system's apt is touched.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal, run } from './run.mjs'

/**
 * The machine's own Debian archive: URI and options of the first entry that has the distribution's main section, or that of its
 * security updates, which are an archive of their own.
 */
function archive(security) {
  const folder = '/etc/apt/sources.list.d'
  const files = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : []
  const entries = ['/etc/apt/sources.list', ...files]
    .filter(existsSync)
    .flatMap((file) =>
      file.endsWith('.sources')
        ? deb822(readFileSync(file, 'utf8'))
        : file.endsWith('.list')
          ? oneLine(readFileSync(file, 'utf8'))
          : [],
    )
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  const wanted = [codename, 'stable'].map((name) => (security ? `${name}-security` : name))
  const found = entries.find(
    ({ suites, components }) => components.includes('main') && suites.some((name) => wanted.includes(name)),
  )
  if (found) return found
  throw new Refusal(
    security
      ? 'no archive of security updates among the apt sources'
      : 'no Debian archive among the apt sources. On other distributions install libbpf 1.5 or later with its headers and ' +
          'set MILLRACE_SYSTEM_LIBBPF=1.',
  )
}

/** Entries in the format of `.sources` files: paragraphs of `Field: value`. */
function deb822(text) {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = new Map()
    let last = ''
    for (const line of paragraph.split('\n')) {
      if (line.startsWith('#')) continue
      const field = /^([\w-]+):\s*(.*)$/.exec(line)
      if (field) {
        last = field[1].toLowerCase()
        fields.set(last, field[2])
      } else if (/^\s/.test(line)) fields.set(last, `${fields.get(last)}\n${line}`)
    }
    if (!fields.has('uris') || fields.get('enabled') === 'no') return []
    const words = (name) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean)
    return [
      {
        uri: words('uris')[0],
        suites: words('suites'),
        components: words('components'),
        signedBy: fields.get('signed-by'),
      },
    ]
  })
}

/** Entries in the format of `sources.list`: `deb [options] uri suite component...`. */
function oneLine(text) {
  return text.split('\n').flatMap((line) => {
    const entry = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim())
    if (!entry) return []
    const [, options = '', uri, name, components] = entry
    return [
      { uri, suites: [name], components: components.split(/\s+/), signedBy: /signed-by=(\S+)/.exec(options)?.[1] },
    ]
  })
}

/**
 * Fetches packages of `suite` into `folder`/download, sources or binaries, for the machine's own architecture or another one; apt
 * checks signatures and checksums. Returns that folder. `packages` may be a function of `depends(name)`, the names that a package
 * depends on.
 */
export async function fetchFromDebian(folder, { suite, packages, architecture, sources = false, note = () => {} }) {
  const options = privateApt(folder, { suite, architecture, sources })
  note(`reading the package index of ${suite}`)
  await run('apt-get', [...options, '-q', 'update'])
  const depends = async (name) => {
    const { stdout } = await run('apt-cache', [...options, 'depends', name])
    return [...stdout.matchAll(/^\s+Depends: (\S+)/gm)].map(([, it]) => it)
  }
  const names = typeof packages === 'function' ? await packages(depends) : packages
  note(`fetching ${names.join(', ')}`)
  const command = sources ? ['--download-only', '--only-source', 'source'] : ['download']
  const download = join(folder, 'download')
  await run('apt-get', [...options, '-q', ...command, ...names], { cwd: download })
  return download
}

/** Options for an apt that has one suite, and whose state is in `folder`. */
function privateApt(folder, { suite, architecture, sources }) {
  const { uri, signedBy } = archive(suite.endsWith('-security'))
  for (const path of ['apt/sources', 'apt/lists/partial', 'apt/cache/archives/partial', 'download'])
    mkdirSync(join(folder, path), { recursive: true })
  const type = sources ? 'deb-src' : 'deb'
  const entry = [`Types: ${type}`, `URIs: ${uri}`, `Suites: ${suite}`, 'Components: main']
  if (signedBy) entry.push(`Signed-By: ${signedBy}`)
  writeFileSync(join(folder, 'apt/sources/millrace.sources'), `${entry.join('\n')}\n`)
  return [
    ['Dir::Etc::sourcelist', '/dev/null'],
    ['Dir::Etc::sourceparts', join(folder, 'apt/sources')],
    ['Dir::State::lists', join(folder, 'apt/lists')],
    ['Dir::Cache', join(folder, 'apt/cache')],
    // The folder is the caller's own, closed to apt's download user.
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Retries', '3'],
    ...(architecture
      ? [
          ['APT::Architecture', architecture],
          ['APT::Architectures', architecture],
        ]
      : []),
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Refusal, run } from '../lib/run.mjs'

/** By Debian package, the file that shows the tool is there on a system of another kind. */
export const buildPackages = {
  'clang-19': 'clang-19',
  'g++': 'g++',
  cmake: 'cmake',
  make: 'make',
  patch: 'patch',
  'xz-utils': 'xz',
  bzip2: 'bzip2',
  'ca-certificates': '',
  'libuv1-dev': '',
  iproute2: 'ip',
}

/** What examples need on top, by example. */
export const examplePackages = { 'service-chain': { iperf3: 'iperf3' } }

/** What `npm test` needs on top: second opinions on what is in the kernel, and traffic. */
export const testPackages = { bpftool: 'bpftool', iperf3: 'iperf3', 'xdp-tools': 'xdp-loader' }

/** What `npm run test:guest` needs on top of that: a virtual machine, and what starts in it. */
export const guestPackages = { 'qemu-system-x86': 'qemu-system-x86_64', 'busybox-static': 'busybox' }

/** What `npm run check` needs on top. */
export const checkPackages = { git: 'git', 'clang-format-19': 'clang-format-19', 'clang-tidy-19': 'clang-tidy-19' }

function installed(names) {
  let output
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the format is dpkg's
    output = execFileSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    // It fails when it does not know one of the names; what it knows it has printed.
    output = error.stdout ?? ''
  }
  const lines = new Set(output.split('\n'))
  return (name) => lines.has(`${name} installed`)
}

/** Installs what is missing. False when nothing is. */
export async function systemPackages(packages, note) {
  if (!existsSync('/usr/bin/dpkg-query')) return checkTools(packages)
  const isInstalled = installed(Object.keys(packages))
  const missing = Object.keys(packages).filter((name) => !isInstalled(name))
  if (missing.length === 0) return false
  if (process.getuid() !== 0)
    throw new Refusal(
      `These packages are missing, and installing them needs root:\n\n  sudo apt-get install ${missing.join(' ')}`,
    )

  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => run('apt-get', ['-qy', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, log: 'apt' })
  note(missing.join(' '))
  // Finishes what an interrupted run may have left half configured; a moment otherwise.
  await run('dpkg', ['--configure', '-a'], { env })
  const install = () => apt('install', '--no-install-recommends', ...missing)
  if (await listsAreThere(missing)) {
    try {
      return void (await install())
    } catch {
      // The lists may be older than what the archive still holds.
    }
  }
  note('reading package lists')
  await apt('update')
  note(missing.join(' '))
  await install()
}

async function listsAreThere(names) {
  const { stdout } = await run('apt-cache', ['policy', ...names])
  return stdout.match(/^ {2}Candidate: (?!\(none\))/gm)?.length === names.length
}

/** Not Debian: nothing is installed here, but what is missing is named. */
function checkTools(packages) {
  const path = (process.env.PATH ?? '').split(':')
  const missing = Object.entries(packages)
    .filter(([, tool]) => tool && !(tool === 'clang-19' && process.env.MILLRACE_CLANG))
    .filter(([, tool]) => !path.some((folder) => existsSync(`${folder}/${tool}`)))
    .map(([, tool]) => tool)
  if (missing.length === 0) return false
  throw new Refusal(
    `This is no Debian, so set-up installs nothing. Missing here: ${missing.join(' ')}.\n` +
      'Install them, libbpf 1.5 or later and the headers of libbpf and libuv; set MILLRACE_SYSTEM_LIBBPF=1, and MILLRACE_CLANG\n' +
      'where clang 19 has another name; then run this again.',
  )
}

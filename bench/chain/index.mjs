import { fileURLToPath } from 'node:url'
import { topology } from '@millrace/testing'
import { buildC } from '../peers/c.mjs'
import { compare } from '../rounds.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const generated = (name) => path(`../generated/${name}.bpf.o`)
const script = (name) => [process.execPath, path(name)]

const hooks = ['xdp', 'tc']
const lengths = ['1 stage', '4 stages', '16 stages', '32 stages']

/** Programs as the C peer takes them: hook, object, program, for each. */
const programs = (object, names) =>
  names.flatMap((name) => hooks.flatMap((hook) => [hook, generated(`${object}_${hook}`), name]))

/** What each stage of a chain of empty stages costs a packet. */
async function cost(netns) {
  const c = await buildC('chain')
  const contenders = {
    millrace: [...script('./cost-millrace.mjs'), netns],
    'C, direct tail calls': [c, 'direct', ...programs('chain_direct', ['stage', 'counted_stage'])],
    'C, index from a map': [c, 'indexed', ...programs('chain_indexed', ['stage'])],
  }
  const rows = hooks.flatMap((hook) =>
    ['', ', counted', ', timed'].flatMap((suffix) => [
      ...lengths.map((length) => `${hook}, ${length}${suffix}`),
      `${hook}, ${lengths.at(-1)}${suffix}, on average`,
    ]),
  )
  return compare(contenders, { rounds: 7, unit: 'ns', rows })
}

/** How long it takes to attach and to detach. */
async function attach(netns) {
  const object = generated('attach')
  const inside = ['nsenter', `--net=${netns}`]
  const commands = (tool) => [
    ...['unshare', '--mount', ...inside, ...script('./attach-commands.mjs')],
    ...[timer, tool, object, 'eth0'],
  ]
  const timer = await buildC('commands')
  const contenders = {
    millrace: [...inside, ...script('./attach-millrace.mjs'), object, 'eth0'],
    'C (libbpf)': [...inside, await buildC('attach'), object, 'eth0'],
    'ip, tc': commands('iproute2'),
    bpftool: commands('bpftool'),
  }
  const rows = ['XDP', 'TCX', 'clsact'].flatMap((hook) => [`${hook}: attach`, `${hook}: detach`])
  return compare(contenders, { rounds: 9, unit: 'µs', rows })
}

/** How long it takes to change a chain. */
async function changes(netns) {
  const contenders = { millrace: ['nsenter', `--net=${netns}`, ...script('./changes-millrace.mjs'), 'eth0'] }
  const one = ['append', 'replace the last', 'remove the last', 'insert before the fifth', 'remove the fifth']
  return compare(contenders, { rounds: 9, unit: 'µs', rows: [...one, 'apply eight new ones'] })
}

/** Stages of a chain: what they cost a packet, and what it takes to attach and to change them. */
export default async function chain() {
  const interfaces = { eth0: {} }
  const net = await topology({
    hosts: { near: { interfaces }, far: { interfaces } },
    links: [['near:eth0', 'far:eth0']],
  })
  try {
    const { netns } = net.hosts.near
    return [...(await attach(netns)), ...(await changes(netns)), ...(await cost(netns))]
  } finally {
    await net.close()
  }
}

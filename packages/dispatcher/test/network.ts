import { type Host, topology } from '@millrace/testing'

export const FAR = '10.0.0.2'

/** Two hosts and a veth pair between them; programs share the far end. Nothing is sent but what a test sends. */
export async function makeNetwork({ mtu = 1500 } = {}) {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const network = await topology({
    hosts: {
      near: { interfaces: { eth0: { addresses: ['10.0.0.1/24'], mtu } }, sysctls },
      far: { interfaces: { eth0: { addresses: [`${FAR}/24`], mtu } }, sysctls },
    },
    links: [['near:eth0', 'far:eth0']],
  })
  // A program that drops everything drops ARP, too.
  const { near, far } = network.hosts
  await near.run('ip', ['neighbour', 'replace', FAR, 'lladdr', far.interface('eth0').mac, 'dev', 'eth0'])
  return network
}

export type Network = Awaited<ReturnType<typeof makeNetwork>>

/** Nobody listens: when a datagram gets through, then the next write says so, and is done again. Bash is there sooner than Node. */
const sender = `
  exec 3> /dev/udp/$0/9000
  for ((sent = 0; sent < $1; sent++)); do until echo x >&3; do :; done; done 2> /dev/null`

/** Sends all the time, until its standard input ends. */
const streamer = `
  exec 3> /dev/udp/$0/9000
  for ((sent = 1; ; sent++)); do
    until echo x >&3; do :; done
    read -t 0.001 _
    (($? > 128)) || break
  done 2> /dev/null
  echo $sent`

/** Sends datagrams to the far end; they are there when it resolves. */
export async function send({ hosts: { near } }: Network, count = 1): Promise<void> {
  await near.run('bash', ['-c', sender, FAR, String(count)])
}

/** Sends datagrams all the time until it is told to stop; `stop` resolves to how many. */
export async function stream({ hosts: { near } }: Network): Promise<{ stop(): Promise<number> }> {
  const child = near.spawn('bash', ['-c', streamer, FAR], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output = new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    child.once('error', reject).once('close', () => resolve(text))
  })
  return {
    async stop() {
      child.stdin?.end()
      return Number(await output)
    },
  }
}

/** Datagrams that have got to the far end's IP. */
export async function delivered(host: Host): Promise<number> {
  // The link /proc/net leads to the network namespace of whoever follows it. Ip: Forwarding DefaultTTL InReceives ...
  const { stdout } = await host.run('cat', ['/proc/net/snmp'])
  return Number(/^Ip: \d+ \d+ (\d+)/m.exec(stdout)?.[1])
}

/** Frames that the far end has received, whatever became of them. */
export async function received(host: Host): Promise<number> {
  const { stdout } = await host.run('cat', ['/proc/net/dev'])
  return Number(/eth0: *\d+ +(\d+)/.exec(stdout)?.[1])
}

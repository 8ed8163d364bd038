import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Host, topology } from '@millrace/testing'

const FAR = '10.0.0.2'

/**
 * Sends as many datagrams as each line of its standard input says, a millisecond apart, or `all the time`, and says how many when they
 * are there. It pauses by waiting for a pipe that stays empty: a read of its input with a time limit may take the line and be too late
 * to tell. Nobody listens: when a datagram gets through, then the next write says so, and is done again.
 */
const sender = `
  exec 3> /dev/udp/${FAR}/9000
  exec 4<> <(:)
  put() { until echo x >&3; do :; done 2> /dev/null; }
  while read -r most; do
    if [ "$most" = all ]; then
      for ((sent = 1; ; sent++)); do put; read -t 0 && { read -r; break; }; read -rt 0.001 -u 4; done
    else
      for ((sent = 0; sent < most; sent++)); do put; done
    fi
    echo $sent
  done`

/** A veth pair between two hosts; programs share the far end. Nothing is sent but what a test sends. */
export class Network {
  readonly far: Host
  readonly #topology: AsyncDisposable
  readonly #write: (line: string) => void
  readonly #lines: AsyncIterator<string>

  private constructor(net: Topology) {
    this.far = net.hosts.far
    this.#topology = net
    const child = net.hosts.near.spawn('bash', ['-c', sender], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#write = (line) => void child.stdin?.write(`${line}\n`)
    this.#lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  }

  static async make({ mtu = 1500 } = {}): Promise<Network> {
    const net = await makeTopology(mtu)
    // A program that drops everything drops ARP, too.
    const { near, far } = net.hosts
    await near.run('ip', ['neighbour', 'replace', FAR, 'lladdr', far.interface('eth0').mac, 'dev', 'eth0'])
    return new Network(net)
  }

  /** Path of the far host's network namespace. */
  get netns(): string {
    return this.far.netns
  }

  /** Sends datagrams; they are there when it resolves. */
  async send(count = 1): Promise<void> {
    this.#write(String(count))
    await this.#lines.next()
  }

  /** Sends datagrams all the time until it is told to stop; resolves to how many. */
  stream(): { stop(): Promise<number> } {
    this.#write('all')
    return {
      stop: async () => {
        this.#write('')
        return Number((await this.#lines.next()).value)
      },
    }
  }

  /** Datagrams that have got through to the far end's IP. */
  delivered(): number {
    const counters = readFileSync(this.netns.replace('/ns/net', '/net/snmp'), 'utf8')
    // Ip: Forwarding DefaultTTL InReceives ...
    return Number(/^Ip: \d+ \d+ (\d+)/m.exec(counters)?.[1])
  }

  close(): Promise<void> {
    return Promise.resolve(this.#topology[Symbol.asyncDispose]())
  }
}

type Topology = Awaited<ReturnType<typeof makeTopology>>

function makeTopology(mtu: number) {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      near: { interfaces: { eth0: { addresses: ['10.0.0.1/24'], mtu } }, sysctls },
      far: { interfaces: { eth0: { addresses: [`${FAR}/24`], mtu } }, sysctls },
    },
    links: [['near:eth0', 'far:eth0']],
  })
}

import { expectTypeOf, it } from 'vitest'
import type { Host } from './host.js'
import { topology } from './topology.js'

const hosts = {
  client: { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
  server: { interfaces: { eth0: {}, eth1: {} } },
  idle: {},
}

it('knows hosts and interfaces by the names of the declaration', async () => {
  const net = await topology({ hosts, links: [['client:eth0', 'server:eth1']] })
  expectTypeOf(net.hosts.client).toEqualTypeOf<Host<'eth0'>>()
  expectTypeOf(net.hosts.server.interface).parameter(0).toEqualTypeOf<'eth0' | 'eth1' | 'lo'>()
  expectTypeOf(net.hosts.idle.interface).parameter(0).toEqualTypeOf<'lo'>()
  // @ts-expect-error no such host
  net.hosts.gateway
})

it('links only what is declared', () => {
  // @ts-expect-error no such host
  topology({ hosts, links: [['client:eth0', 'sever:eth0']] })
  // @ts-expect-error no such interface
  topology({ hosts, links: [['client:eth1', 'server:eth0']] })
  // @ts-expect-error a link has two ends
  topology({ hosts, links: [['client:eth0']] })
  // @ts-expect-error misspelt
  topology({ hosts: { a: { forwading: true } } })
})

it('is left with await using', async () => {
  const net = await topology({ hosts })
  expectTypeOf(net).toExtend<AsyncDisposable>()
  expectTypeOf(net).not.toExtend<Disposable>()
})

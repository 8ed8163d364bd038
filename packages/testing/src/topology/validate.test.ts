import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors/index.js'
import type { HostDeclaration, TopologyDeclaration } from './declaration.js'
import { validate } from './validate.js'

const pair = (a: HostDeclaration, b: HostDeclaration = { interfaces: { eth0: {} } }): TopologyDeclaration => ({
  hosts: { a, b },
  links: [['a:eth0', 'b:eth0']],
})
const addressed = (...addresses: string[]) => pair({ interfaces: { eth0: { addresses } } })

describe('a declaration that cannot be set up', () => {
  it.each<[argument: string, why: string, TopologyDeclaration]>([
    ['declaration', 'a misspelt field', { hosts: {}, linsk: [] } as TopologyDeclaration],
    ['hosts.a', 'a misspelt field of a host', { hosts: { a: { forwading: true } as HostDeclaration } }],
    ['hosts.a', 'no host', { hosts: { a: null as unknown as HostDeclaration } }],
    ['hosts', 'a host name with a space', { hosts: { 'my host': {} } }],
    ['hosts.a.interfaces', 'a name of 16 characters', { hosts: { a: { interfaces: { abcdefghijklmnop: {} } } } }],
    ['hosts.a.interfaces', 'the name of the loopback', { hosts: { a: { interfaces: { lo: {} } } } }],
    ['hosts.a.interfaces', 'a name with a slash', { hosts: { a: { interfaces: { 'a/b': {} } } } }],
    ['hosts.a.interfaces.eth0.addresses[0]', 'no prefix length', addressed('10.0.0.1')],
    ['hosts.a.interfaces.eth0.addresses[1]', 'too long a prefix', addressed('10.0.0.1/24', '10.0.0.2/33')],
    ['hosts.a.interfaces.eth0.addresses[0]', 'too long an IPv6 prefix', addressed('fd00::1/129')],
    ['hosts.a.interfaces.eth0.addresses[0]', 'no address', addressed('10.0.0/24')],
    ['hosts.a.interfaces.eth0.addresses[0]', 'a zone', addressed('fe80::1%eth0/64')],
    ['hosts.a.interfaces.eth0.addresses[1]', 'an address twice', addressed('10.0.0.1/24', '10.0.0.1/16')],
    [
      'hosts.a.interfaces.eth0.addresses[1]',
      'an address twice in two spellings',
      addressed('fd00::1/64', 'FD00:0::1/64'),
    ],
    [
      'hosts.b.interfaces.eth0.addresses[0]',
      'an address that another host has',
      pair(
        { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
        { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
      ),
    ],
    ['hosts.a.interfaces.eth0.mtu', 'an MTU too small for IPv4', pair({ interfaces: { eth0: { mtu: 67 } } })],
    ['hosts.a.interfaces.eth0.mac', 'a multicast MAC', pair({ interfaces: { eth0: { mac: '01:00:5e:00:00:01' } } })],
    ['hosts.a.loopback[0]', 'a loopback address without length', { hosts: { a: { loopback: ['10.0.0.1'] } } }],
    ['hosts.a.routes[0].to', 'a route to no prefix', { hosts: { a: { routes: [{ to: 'home', via: '10.0.0.1' }] } } }],
    [
      'hosts.a.routes[0].via',
      'a next hop that is no address',
      { hosts: { a: { routes: [{ to: 'default', via: 'gw' }] } } },
    ],
    [
      'hosts.a.routes[0].interface',
      'an unknown interface',
      { hosts: { a: { routes: [{ to: 'default', interface: 'x' }] } } },
    ],
    ['hosts.a.routes[0]', 'a route to nowhere', { hosts: { a: { routes: [{ to: 'default' }] } } }],
    [
      'hosts.a.routes[0].metric',
      'a metric below 0',
      pair({ interfaces: { eth0: {} }, routes: [{ to: 'default', interface: 'eth0', metric: -1 }] }),
    ],
    ['hosts.a.sysctls', 'a sysctl outside net', { hosts: { a: { sysctls: { 'kernel.panic': 1 } } } }],
    ['hosts.a.sysctls', 'a way out of /proc/sys/net', { hosts: { a: { sysctls: { 'net/../kernel/panic': 1 } } } }],
    [
      'hosts.a.sysctls.net.core.somaxconn',
      'a second line',
      { hosts: { a: { sysctls: { 'net.core.somaxconn': '1\nx' } } } },
    ],
    ['links[0][0]', 'an end without an interface', { hosts: { a: {} }, links: [['a:', 'a:eth0']] }],
    ['links[0][1]', 'an unknown host', { hosts: { a: { interfaces: { eth0: {} } } }, links: [['a:eth0', 'b:eth0']] }],
    [
      'links[0][1]',
      'a host that every object has',
      { hosts: { a: { interfaces: { eth0: {} } } }, links: [['a:eth0', 'toString:eth0']] },
    ],
    [
      'links[0][0]',
      'an unknown interface',
      { hosts: { a: { interfaces: { eth0: {} } } }, links: [['a:eth1', 'a:eth0']] },
    ],
    [
      'links[0][1]',
      'an interface linked to itself',
      { hosts: { a: { interfaces: { eth0: {} } } }, links: [['a:eth0', 'a:eth0']] },
    ],
    ['hosts.a.interfaces.eth0', 'an interface without a link', { hosts: { a: { interfaces: { eth0: {} } } } }],
  ])('%s: %s', (argument, _why, declaration) => {
    expect(() => validate(declaration)).toThrow(ArgumentError)
    expect(() => validate(declaration)).toThrow(expect.objectContaining({ argument }))
  })

  it('says what was expected', () => {
    expect(() => validate({ hosts: { client: {}, server: {} }, links: [['client:eth0', 'sever:eth0']] })).toThrow(
      "links[0][0] is 'client:eth0', expected an interface that hosts.client declares: it has none",
    )
  })
})

describe('a declaration that can be set up', () => {
  it('may have one loopback address in many hosts', () => {
    const loopback = ['192.0.2.1/32', '2001:db8::1/128']
    expect(() => validate({ hosts: { a: { loopback }, b: { loopback } } })).not.toThrow()
  })

  it('may link two interfaces of one host', () => {
    expect(() => validate({ hosts: { a: { interfaces: { x: {}, y: {} } } }, links: [['a:x', 'a:y']] })).not.toThrow()
  })
})

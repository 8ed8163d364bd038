import { check, checkFields } from './check.js'
import type { TopologyDeclaration } from './declaration.js'
import { validateHost } from './validate-host.js'

/** Throws an {@link ArgumentError} for the first thing in the declaration that could not be set up. */
export function validate(declaration: TopologyDeclaration): void {
  checkFields('declaration', declaration, ['hosts', 'links'])
  const { hosts, links = [] } = declaration
  const addresses = new Map<string, string>()
  for (const [name, host] of Object.entries(hosts)) {
    check(/^[\w-]+$/.test(name), 'hosts', name, 'host names of letters, digits, _ and -')
    validateHost(`hosts.${name}`, host, addresses)
  }
  const linked = new Map<string, string>()
  for (const [index, link] of links.entries()) {
    check(link.length === 2, `links[${index}]`, link, 'two interfaces, each as host:interface')
    for (const [side, end] of link.entries()) validateEnd(`links[${index}][${side}]`, end, hosts, linked)
  }
  for (const [host, { interfaces = {} }] of Object.entries(hosts)) {
    for (const [name, declared] of Object.entries(interfaces)) {
      const end = `${host}:${name}`
      check(linked.has(end), `hosts.${host}.interfaces.${name}`, declared, `a link with the end ${end}`)
    }
  }
}

function validateEnd(
  path: string,
  end: string,
  hosts: TopologyDeclaration['hosts'],
  linked: Map<string, string>,
): void {
  const [host = '', name = '', ...rest] = String(end).split(':')
  check(rest.length === 0 && name !== '', path, end, 'an interface as host:interface, such as client:eth0')
  check(Object.hasOwn(hosts, host), path, end, `one of the hosts ${Object.keys(hosts).join(', ')}`)
  const names = Object.keys(hosts[host]?.interfaces ?? {})
  const declared = names.join(', ') || 'it has none'
  check(names.includes(name), path, end, `an interface that hosts.${host} declares: ${declared}`)
  check(!linked.has(end), path, end, `an interface that is not in use at ${linked.get(end)}`)
  linked.set(end, path)
}

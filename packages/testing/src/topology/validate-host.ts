import { isIPv4, isIPv6 } from 'node:net'
import { normalizeIpv6 } from '../address/index.js'
import { check, checkFields, checkInteger } from './check.js'
import type { HostDeclaration, InterfaceDeclaration, RouteDeclaration } from './declaration.js'

/** `addresses`: those of all hosts so far, and where they were declared. */
export function validateHost(path: string, host: HostDeclaration, addresses: Map<string, string>): void {
  checkFields(path, host, ['interfaces', 'loopback', 'routes', 'forwarding', 'sysctls'])
  const { interfaces = {}, loopback = [], routes = [], sysctls = {} } = host
  for (const [name, declared] of Object.entries(interfaces)) {
    const allowed = /^[^\s/:]{1,15}$/.test(name) && !['.', '..', 'lo', 'all', 'default'].includes(name)
    const expected = 'a name of 1 to 15 characters without space, / and :, other than lo, all, default'
    check(allowed, `${path}.interfaces`, name, expected)
    validateInterface(`${path}.interfaces.${name}`, declared, addresses)
  }
  for (const [index, prefix] of loopback.entries()) validatePrefix(`${path}.loopback[${index}]`, prefix)
  for (const [index, route] of routes.entries()) {
    validateRoute(`${path}.routes[${index}]`, route, Object.keys(interfaces))
  }
  for (const [name, value] of Object.entries(sysctls)) {
    const inside = /^net[./][\w./-]+$/.test(name) && !name.includes('..')
    check(inside, `${path}.sysctls`, name, 'names that start with net, such as net.ipv4.ip_default_ttl')
    check(!/[\r\n]/.test(String(value)), `${path}.sysctls.${name}`, value, 'one line')
  }
}

function validateInterface(path: string, declared: InterfaceDeclaration, addresses: Map<string, string>): void {
  checkFields(path, declared, ['addresses', 'mtu', 'mac'])
  for (const [index, prefix] of (declared.addresses ?? []).entries()) {
    const at = `${path}.addresses[${index}]`
    const address = validatePrefix(at, prefix)
    check(!addresses.has(address), at, prefix, `an address that ${addresses.get(address)} does not have`)
    addresses.set(address, path)
  }
  if (declared.mtu !== undefined) checkInteger(`${path}.mtu`, declared.mtu, 68, 65535)
  const { mac = '02:00:00:00:00:00' } = declared
  const isUnicast = /^[\da-f][02468ace](:[\da-f]{2}){5}$/i.test(mac)
  check(isUnicast, `${path}.mac`, mac, 'a unicast MAC address such as 02:00:00:00:00:01')
}

/** Returns the address in one canonical form. */
function validatePrefix(path: string, prefix: string): string {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(prefix) ?? []
  const fits = isIPv4(address) ? Number(length) <= 32 : isPlainIpv6(address) && Number(length) <= 128
  check(fits, path, prefix, 'an address with prefix length, such as 10.1.0.2/24 or fd00:1::2/64')
  return isIPv4(address) ? address : normalizeIpv6(address)
}

function validateRoute(path: string, route: RouteDeclaration, interfaces: readonly string[]): void {
  checkFields(path, route, ['to', 'via', 'interface', 'source', 'metric'])
  const { to, via, interface: through, source, metric } = route
  if (to !== 'default') validatePrefix(`${path}.to`, to)
  for (const [name, address] of Object.entries({ via, source })) {
    const isAddress = address === undefined || isIPv4(address) || isPlainIpv6(address)
    check(isAddress, `${path}.${name}`, address, 'an IPv4 or IPv6 address')
  }
  const known = through === undefined || [...interfaces, 'lo'].includes(through)
  check(known, `${path}.interface`, through, `one of ${[...interfaces, 'lo'].join(', ')}`)
  check(via !== undefined || through !== undefined, path, route, 'a route with via, interface or both')
  if (metric !== undefined) checkInteger(`${path}.metric`, metric, 0, 0xffff_ffff)
}

/** Without a zone, which names an interface of this host. */
function isPlainIpv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%')
}

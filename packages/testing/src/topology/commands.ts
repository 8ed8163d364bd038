import type { HostDeclaration, RouteDeclaration, TopologyDeclaration } from './declaration.js'

/** What every host starts from, whatever the machine has: children inherit some of these from the initial namespace. */
export function baseSysctls({
  forwarding = false,
}: HostDeclaration): readonly (readonly [name: string, value: string])[] {
  const on = forwarding ? '1' : '0'
  return [
    ['net/ipv4/ip_forward', on],
    ['net/ipv6/conf/all/forwarding', on],
    // An answer may well come back by another link: direct server return does so on purpose.
    ['net/ipv4/conf/all/rp_filter', '0'],
    ['net/ipv4/conf/default/rp_filter', '0'],
    // Addresses are the topology's own, so nobody else has them: link-local ones are usable at once, too.
    ['net/ipv6/conf/all/accept_dad', '0'],
    ['net/ipv6/conf/default/accept_dad', '0'],
  ]
}

/** A veth pair is made inside the namespaces of its ends; it never shows in the caller's. */
export function linkCommands(
  name: string,
  links: NonNullable<TopologyDeclaration['links']>,
  pidOf: (host: string) => number,
): string[] {
  return links.flatMap(([a, b]) => {
    const [host, own] = splitEnd(a)
    const [peerHost, peer] = splitEnd(b)
    return host === name ? [`link add name ${own} type veth peer name ${peer} netns ${pidOf(peerHost)}`] : []
  })
}

export function addressCommands({ interfaces = {}, loopback = [] }: HostDeclaration): string[] {
  const own = Object.entries(interfaces).flatMap(([name, { addresses = [], mtu, mac }]) => [
    ...(mac === undefined ? [] : [`link set dev ${name} address ${mac}`]),
    ...(mtu === undefined ? [] : [`link set dev ${name} mtu ${mtu}`]),
    `link set dev ${name} up`,
    ...addresses.map((address) => addAddress(address, name)),
  ])
  return ['link set dev lo up', ...loopback.map((address) => addAddress(address, 'lo')), ...own]
}

export function routeCommands({ routes = [] }: HostDeclaration): string[] {
  return routes.map(routeCommand)
}

function routeCommand({ to, via, interface: through, source, metric }: RouteDeclaration): string {
  const rest = Object.entries({ via, dev: through, src: source, metric })
  return `route add ${to}${rest.map(([key, value]) => (value === undefined ? '' : ` ${key} ${value}`)).join('')}`
}

function addAddress(address: string, name: string): string {
  return `address add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`
}

function splitEnd(end: string): [host: string, name: string] {
  const at = end.indexOf(':')
  return [end.slice(0, at), end.slice(at + 1)]
}

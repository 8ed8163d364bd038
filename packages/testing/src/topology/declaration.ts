/** One end of a veth pair, in the host that declares it. */
export interface InterfaceDeclaration {
  /** with prefix length: `10.1.0.2/24`, `fd00:1::2/64`; usable at once, without duplicate address detection */
  readonly addresses?: readonly string[] | undefined
  /** bytes, default 1500; both ends of a link should agree */
  readonly mtu?: number | undefined
  /** `02:00:00:00:00:01`; default: the kernel picks one */
  readonly mac?: string | undefined
}

/**
 * A route of a host, IPv4 or IPv6.
 *
 * @example
 * ```ts
 * import type { RouteDeclaration } from '@millrace/testing'
 *
 * const routes: RouteDeclaration[] = [
 *   { to: 'default', via: '10.0.0.1' },
 *   { to: '2001:db8:2::/48', via: 'fd00::1', metric: 50 },
 *   { to: '198.51.100.0/24', interface: 'eth1' },
 * ]
 * ```
 */
export interface RouteDeclaration {
  /** a prefix such as `10.2.0.0/16` or `fd00:2::/64`, or `default` (of the family of `via`) */
  readonly to: string
  /** address of the next hop */
  readonly via?: string | undefined
  /** needed where there is no `via` */
  readonly interface?: string | undefined
  /** preferred source address */
  readonly source?: string | undefined
  readonly metric?: number | undefined
}

/**
 * A host: a network namespace of its own, and what is in it.
 *
 * @example
 * ```ts
 * import type { HostDeclaration } from '@millrace/testing'
 *
 * const backend: HostDeclaration = {
 *   interfaces: { eth0: { addresses: ['10.2.0.2/24'] } },
 *   loopback: ['192.0.2.10/32'], // a VIP: answers go out directly
 *   routes: [{ to: 'default', via: '10.2.0.1' }],
 *   sysctls: { 'net.ipv4.conf.all.arp_ignore': 1 },
 * }
 * ```
 */
export interface HostDeclaration {
  /** by name, at most 15 characters; each is one end of exactly one link */
  readonly interfaces?: Readonly<Record<string, InterfaceDeclaration>> | undefined
  /** further addresses of `lo`, with prefix length: a VIP, say; more than one host may have the same */
  readonly loopback?: readonly string[] | undefined
  readonly routes?: readonly RouteDeclaration[] | undefined
  /** forward IPv4 and IPv6 between the interfaces; default false */
  readonly forwarding?: boolean | undefined
  /** by name, in either notation (`net.ipv4.ip_default_ttl`, `net/ipv4/ip_default_ttl`); set once the interfaces exist */
  readonly sysctls?: Readonly<Record<string, string | number>> | undefined
}

/** Names of a host's interfaces. */
export type InterfaceName<H extends HostDeclaration> = keyof NonNullable<H['interfaces']> & string

/** `client:eth0`: an interface of a host. */
export type Endpoint<H extends Readonly<Record<string, HostDeclaration>>> = {
  [Name in keyof H & string]: `${Name}:${InterfaceName<H[Name]>}`
}[keyof H & string]

/**
 * A whole network: hosts, and the links between their interfaces.
 *
 * @example
 * ```ts
 * import { topology } from '@millrace/testing'
 *
 * const pair = {
 *   hosts: {
 *     a: { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
 *     b: { interfaces: { eth0: { addresses: ['10.0.0.2/24'], mtu: 1400 } } },
 *   },
 *   links: [['a:eth0', 'b:eth0']],
 * } as const
 * await using net = await topology(pair)
 * ```
 */
export interface TopologyDeclaration<
  H extends Readonly<Record<string, HostDeclaration>> = Readonly<Record<string, HostDeclaration>>,
> {
  readonly hosts: H
  /** each a veth pair between two interfaces, written `host:interface` */
  readonly links?: readonly (readonly [a: NoInfer<Endpoint<H>>, b: NoInfer<Endpoint<H>>])[] | undefined
}

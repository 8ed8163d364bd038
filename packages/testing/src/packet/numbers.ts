/**
 * EtherTypes that builder and parser know ({@link https://www.iana.org/assignments/ieee-802-numbers | IANA}).
 *
 * @example
 * ```ts
 * import { EtherType, packet } from '@millrace/testing'
 *
 * const frame = packet().ethernet({ type: EtherType.Ipv6 }).payload('not IPv6 at all').build()
 * ```
 */
export const EtherType = {
  Ipv4: 0x0800,
  Arp: 0x0806,
  /** 802.1Q */
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  /** 802.1ad, the outer tag of QinQ */
  ServiceVlan: 0x88a8,
  /** for local experiments (IEEE 802): what a frame gets whose payload is plain bytes */
  Experimental: 0x88b5,
} as const

/**
 * IP protocol numbers that builder and parser know ({@link https://www.iana.org/assignments/protocol-numbers | IANA}).
 *
 * @example
 * ```ts
 * import { IpProtocol, packet } from '@millrace/testing'
 *
 * const fragment = packet().ipv4({ protocol: IpProtocol.Udp, fragmentOffset: 1480 }).payload('the rest').build()
 * ```
 */
export const IpProtocol = {
  HopByHop: 0,
  Icmp: 1,
  /** IP in IP */
  Ipv4: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Routing: 43,
  Fragment: 44,
  Icmpv6: 58,
  NoNextHeader: 59,
  DestinationOptions: 60,
  /** for experiments (RFC 3692): what a packet gets whose payload is plain bytes */
  Experimental: 253,
} as const

/**
 * ICMP types (RFC 792).
 *
 * @example
 * ```ts
 * import { IcmpType, packet } from '@millrace/testing'
 *
 * const needFragmentation = packet().ipv4().icmp({ type: IcmpType.Unreachable, code: 4, mtu: 1400 }).ipv4().udp().build()
 * ```
 */
export const IcmpType = {
  EchoReply: 0,
  Unreachable: 3,
  SourceQuench: 4,
  Redirect: 5,
  EchoRequest: 8,
  TimeExceeded: 11,
  ParameterProblem: 12,
  TimestampRequest: 13,
  TimestampReply: 14,
} as const

/**
 * ICMPv6 types (RFC 4443, RFC 4861).
 *
 * @example
 * ```ts
 * import { Icmpv6Type, packet } from '@millrace/testing'
 *
 * const tooBig = packet().ipv6().icmpv6({ type: Icmpv6Type.PacketTooBig, mtu: 1280 }).ipv6().tcp().build()
 * ```
 */
export const Icmpv6Type = {
  Unreachable: 1,
  PacketTooBig: 2,
  TimeExceeded: 3,
  ParameterProblem: 4,
  EchoRequest: 128,
  EchoReply: 129,
  RouterSolicitation: 133,
  RouterAdvertisement: 134,
  NeighborSolicitation: 135,
  NeighborAdvertisement: 136,
} as const

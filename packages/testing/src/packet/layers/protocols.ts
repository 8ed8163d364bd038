import { EtherType, IpProtocol } from '../numbers.js'
import type { LayerName, LayerSpec } from './index.js'

const etherTypes: Readonly<Record<number, LayerName>> = {
  [EtherType.Ipv4]: 'ipv4',
  [EtherType.Arp]: 'arp',
  [EtherType.Vlan]: 'vlan',
  [EtherType.ServiceVlan]: 'vlan',
  [EtherType.Ipv6]: 'ipv6',
}

const ipProtocols: Readonly<Record<number, LayerName>> = {
  [IpProtocol.HopByHop]: 'hopByHop',
  [IpProtocol.Icmp]: 'icmp',
  [IpProtocol.Ipv4]: 'ipv4',
  [IpProtocol.Tcp]: 'tcp',
  [IpProtocol.Udp]: 'udp',
  [IpProtocol.Ipv6]: 'ipv6',
  [IpProtocol.Routing]: 'routing',
  [IpProtocol.Fragment]: 'fragment',
  [IpProtocol.Icmpv6]: 'icmpv6',
  [IpProtocol.DestinationOptions]: 'destinationOptions',
}

const byLayer = (table: Readonly<Record<number, LayerName>>) =>
  new Map(Object.entries(table).map(([number, layer]) => [layer, Number(number)]))

const protocolOfLayer = byLayer(ipProtocols)
const typeOfLayer = byLayer(etherTypes)

export function layerOfEtherType(type: number): LayerName | undefined {
  return etherTypes[type]
}

/** Extension headers follow IPv6 only, and either IP's ICMP is not the other's. */
export function layerOfProtocol(protocol: number, version: 4 | 6): LayerName | undefined {
  const layer = ipProtocols[protocol]
  const foreign: readonly (LayerName | undefined)[] =
    version === 4 ? ['hopByHop', 'routing', 'fragment', 'destinationOptions', 'icmpv6'] : ['icmp']
  return foreign.includes(layer) ? undefined : layer
}

export function etherTypeOf([next, afterNext]: readonly LayerSpec[]): number {
  if (next?.layer === 'vlan') {
    return next.fields.tpid ?? (afterNext?.layer === 'vlan' ? EtherType.ServiceVlan : EtherType.Vlan)
  }
  return (next && typeOfLayer.get(next.layer)) ?? EtherType.Experimental
}

/** `none`: what a header says that nothing comes after. */
export function protocolOf([next]: readonly LayerSpec[], none: number): number {
  if (next === undefined) return none
  return protocolOfLayer.get(next.layer) ?? IpProtocol.Experimental
}

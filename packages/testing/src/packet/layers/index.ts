import { type ArpFields, type ArpLayer, arp } from './arp.js'
import { type EthernetFields, type EthernetLayer, ethernet } from './ethernet.js'
import { type FragmentFields, type FragmentLayer, fragment } from './fragment.js'
import { type IcmpFields, type IcmpLayer, icmp } from './icmp.js'
import { type Icmpv6Fields, type Icmpv6Layer, icmpv6 } from './icmpv6.js'
import { type Ipv4Fields, type Ipv4Layer, ipv4 } from './ipv4.js'
import { type Ipv6Fields, type Ipv6Layer, ipv6 } from './ipv6.js'
import {
  type DestinationOptionsLayer,
  destinationOptions,
  type HopByHopLayer,
  hopByHop,
  type Ipv6OptionsFields,
} from './ipv6-options.js'
import type { LayerCodec } from './layer.js'
import { type PayloadLayer, payload, type TrailerLayer, trailer } from './payload.js'
import { type RoutingFields, type RoutingLayer, routing } from './routing.js'
import { type TcpFields, type TcpLayer, tcp } from './tcp.js'
import { type UdpFields, type UdpLayer, udp } from './udp.js'
import { type VlanFields, type VlanLayer, vlan } from './vlan.js'

/**
 * A decoded layer; `layer` tells which.
 *
 * @example
 * ```ts
 * import { packet, parsePacket } from '@millrace/testing'
 *
 * for (const layer of parsePacket(packet().ethernet().ipv4().tcp({ syn: true }).build()).layers) {
 *   if (layer.layer === 'tcp') console.log(layer.syn, layer.destinationPort)
 * }
 * ```
 */
export type Layer =
  | EthernetLayer
  | VlanLayer
  | ArpLayer
  | Ipv4Layer
  | Ipv6Layer
  | HopByHopLayer
  | DestinationOptionsLayer
  | RoutingLayer
  | FragmentLayer
  | TcpLayer
  | UdpLayer
  | IcmpLayer
  | Icmpv6Layer
  | PayloadLayer
  | TrailerLayer

/** `ethernet`, `ipv4`, `tcp` ...: as the builder's methods are named. */
export type LayerName = Layer['layer']

/** What the builder takes for each layer. */
export interface LayerFields {
  readonly ethernet: EthernetFields
  readonly vlan: VlanFields
  readonly arp: ArpFields
  readonly ipv4: Ipv4Fields
  readonly ipv6: Ipv6Fields
  readonly hopByHop: Ipv6OptionsFields
  readonly destinationOptions: Ipv6OptionsFields
  readonly routing: RoutingFields
  readonly fragment: FragmentFields
  readonly tcp: TcpFields
  readonly udp: UdpFields
  readonly icmp: IcmpFields
  readonly icmpv6: Icmpv6Fields
  readonly payload: { readonly bytes: Uint8Array }
  readonly trailer: { readonly bytes: Uint8Array }
}

/** A layer to be written. */
export type LayerSpec<Name extends LayerName = LayerName> = {
  [N in Name]: { readonly layer: N; readonly fields: LayerFields[N] }
}[Name]

export const codecs: { readonly [N in LayerName]: LayerCodec<LayerFields[N], Extract<Layer, { layer: N }>> } = {
  ethernet,
  vlan,
  arp,
  ipv4,
  ipv6,
  hopByHop,
  destinationOptions,
  routing,
  fragment,
  tcp,
  udp,
  icmp,
  icmpv6,
  payload,
  trailer,
}

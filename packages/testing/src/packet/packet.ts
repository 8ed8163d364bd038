import { ArgumentError } from '../errors/index.js'
import { encodeLayers } from './encode.js'
import { fragmentLayers } from './fragments.js'
import type { LayerFields, LayerName, LayerSpec } from './layers/index.js'
import { type DecodedPacket, parsePacket } from './parse.js'

/**
 * A packet being built. Immutable: each method returns a new one, so that a common beginning can be shared.
 *
 * What is not told gets its usual value: types and protocols by what follows, lengths and checksums as they should be. What is
 * told is written as it is, right or wrong. Layers may come in any order; nothing is padded.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const base = packet().ethernet().vlan({ id: 100 }).ipv6({ source: '2001:db8::7' })
 * const open = base.tcp({ destinationPort: 443, syn: true, options: [{ option: 'mss', value: 1440 }] })
 * const broken = base.udp({ destinationPort: 53, checksum: 'wrong' }).payload('query')
 * console.log(open.build().length, broken.build().length)
 * ```
 */
export class Packet {
  /** from the outermost on */
  readonly layers: readonly LayerSpec[]

  constructor(layers: readonly LayerSpec[] = []) {
    this.layers = layers
  }

  /** An Ethernet header. */
  ethernet(fields: LayerFields['ethernet'] = {}): Packet {
    return this.#with({ layer: 'ethernet', fields })
  }

  /** A VLAN tag; one after another for QinQ. */
  vlan(fields: LayerFields['vlan'] = {}): Packet {
    return this.#with({ layer: 'vlan', fields })
  }

  /** An ARP request, or a reply, between Ethernet and IPv4 addresses. */
  arp(fields: LayerFields['arp'] = {}): Packet {
    return this.#with({ layer: 'arp', fields })
  }

  /** After another IP header: a tunnel. After `icmp`: the packet that an error quotes. */
  ipv4(fields: LayerFields['ipv4'] = {}): Packet {
    return this.#with({ layer: 'ipv4', fields })
  }

  /** After another IP header: a tunnel. After `icmpv6`: the packet that an error quotes. */
  ipv6(fields: LayerFields['ipv6'] = {}): Packet {
    return this.#with({ layer: 'ipv6', fields })
  }

  /** A hop-by-hop options header of IPv6. */
  hopByHop(fields: LayerFields['hopByHop'] = {}): Packet {
    return this.#with({ layer: 'hopByHop', fields })
  }

  /** A destination options header of IPv6. */
  destinationOptions(fields: LayerFields['destinationOptions'] = {}): Packet {
    return this.#with({ layer: 'destinationOptions', fields })
  }

  /** A routing header of IPv6; by default a segment routing header. */
  routing(fields: LayerFields['routing'] = {}): Packet {
    return this.#with({ layer: 'routing', fields })
  }

  /** A fragment header of IPv6; those of IPv4 are fields of {@link Packet.ipv4}. */
  fragment(fields: LayerFields['fragment'] = {}): Packet {
    return this.#with({ layer: 'fragment', fields })
  }

  /** A TCP header with its options; what follows is the segment's payload. */
  tcp(fields: LayerFields['tcp'] = {}): Packet {
    return this.#with({ layer: 'tcp', fields })
  }

  /** A UDP header. */
  udp(fields: LayerFields['udp'] = {}): Packet {
    return this.#with({ layer: 'udp', fields })
  }

  /** An ICMP header; what follows an error is the packet that it quotes. */
  icmp(fields: LayerFields['icmp'] = {}): Packet {
    return this.#with({ layer: 'icmp', fields })
  }

  /** An ICMPv6 header, with the options of neighbour discovery; what follows an error is the packet that it quotes. */
  icmpv6(fields: LayerFields['icmpv6'] = {}): Packet {
    return this.#with({ layer: 'icmpv6', fields })
  }

  /** Bytes as they are, or a string in UTF-8. */
  payload(content: Uint8Array | string): Packet {
    return this.#with({ layer: 'payload', fields: { bytes: toBytes(content, 'payload') } })
  }

  /** Bytes after everything else that no length counts: the padding of a short Ethernet frame. */
  trailer(content: Uint8Array | string): Packet {
    return this.#with({ layer: 'trailer', fields: { bytes: toBytes(content, 'trailer') } })
  }

  /**
   * The same packet with other fields in one of its layers; lengths and checksums that were not told follow.
   *
   * @param index - how many layers of that name to pass over
   * @throws {@link ArgumentError} when there is no such layer
   * @example
   * ```ts
   * import { packet } from '@millrace/testing'
   *
   * const received = packet().ethernet().ipv4({ ttl: 64 }).tcp({ syn: true }).build()
   * const forwarded = packet(received).change('ipv4', { ttl: 63 })
   * ```
   */
  change<Name extends LayerName>(layer: Name, fields: Partial<LayerFields[Name]>, index = 0): Packet {
    const at = this.layers.flatMap((it, position) => (it.layer === layer ? [position] : []))[index]
    if (at === undefined) {
      throw new ArgumentError(
        'layer',
        layer,
        `one of the packet's layers ${this.layers.map((it) => it.layer).join(', ')}`,
      )
    }
    const changed = (it: LayerSpec) => ({ layer: it.layer, fields: { ...it.fields, ...fields } }) as LayerSpec
    return new Packet(this.layers.map((it, position) => (position === at ? changed(it) : it)))
  }

  /**
   * The packet in fragments, as a router would make them at its outermost IP header: of IPv4 by the header's own fields, of IPv6
   * by a fragment header.
   *
   * @param size - bytes of each fragment's payload, a multiple of 8; the last is what remains
   * @throws {@link ArgumentError} for another size, or a packet without an IP header
   * @example
   * ```ts
   * import { packet } from '@millrace/testing'
   *
   * const [first, last] = packet().ethernet().ipv4().udp().payload('x'.repeat(2000)).fragments(1480)
   * console.log(first?.build().length, last?.build().length) // 1514 562
   * ```
   */
  fragments(size: number, { identification = 1 }: { readonly identification?: number | undefined } = {}): Packet[] {
    return fragmentLayers(this.layers, size, identification).map((layers) => new Packet(layers))
  }

  /**
   * The packet's bytes.
   *
   * @throws {@link ArgumentError} for a value that does not fit its field; it names layer and field
   */
  build(): Uint8Array {
    return encodeLayers(this.layers)
  }

  /** As {@link formatPacket} prints it. */
  toString(): string {
    const [first] = this.layers
    return parsePacket(this.build(), {
      from: first?.layer === 'ipv4' || first?.layer === 'ipv6' ? 'ip' : 'ethernet',
    }).toString()
  }

  #with(spec: LayerSpec): Packet {
    return new Packet([...this.layers, spec])
  }
}

/**
 * Starts a packet: an empty one, or one like a packet that was received. Of the latter, fields that come out the same by
 * themselves, such as right checksums, are not told, and so follow what is changed.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const bytes: Uint8Array = packet()
 *   .ethernet({ source: '02:00:00:00:00:01' })
 *   .ipv4({ source: '10.0.0.1', destination: '10.0.0.2' })
 *   .tcp({ destinationPort: 80, syn: true })
 *   .build()
 * ```
 */
export function packet(like?: Uint8Array | DecodedPacket): Packet {
  if (like === undefined) return new Packet()
  const { bytes, layers } = like instanceof Uint8Array ? parsePacket(like) : like
  const specs = layers.map(({ layer, offset, size, ...fields }) => ({ layer, fields }) as LayerSpec)
  // Reserved bits that no field has make a header that cannot be written again: from there on the bytes stay bytes.
  for (let count = specs.length; count > 0; count--) {
    const rest = bytes.subarray(layers[count]?.offset ?? bytes.length)
    const tail: LayerSpec[] = rest.length > 0 ? [{ layer: 'payload', fields: { bytes: rest } }] : []
    const tried = count === specs.length ? specs : [...specs.slice(0, count), ...tail]
    if (same(tried, bytes)) return new Packet(withoutTheObvious(tried, bytes))
  }
  return new Packet().payload(bytes)
}

function withoutTheObvious(specs: readonly LayerSpec[], bytes: Uint8Array): readonly LayerSpec[] {
  let result = specs
  for (const [index, { fields }] of specs.entries()) {
    for (const name of Object.keys(fields)) {
      const tried = result.map((spec, at) => (at === index ? without(spec, name) : spec))
      if (name !== 'bytes' && same(tried, bytes)) result = tried
    }
  }
  return result
}

function same(specs: readonly LayerSpec[], bytes: Uint8Array): boolean {
  return Buffer.compare(encodeLayers(specs), bytes) === 0
}

function without({ layer, fields }: LayerSpec, name: string): LayerSpec {
  return {
    layer,
    fields: Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)),
  } as unknown as LayerSpec
}

function toBytes(content: Uint8Array | string, argument: string): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  if (!(content instanceof Uint8Array)) throw new ArgumentError(argument, content, 'a Uint8Array or a string')
  return content
}

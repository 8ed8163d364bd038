// Written by bpf2ts from addresses.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import {
  getBool,
  getIpv4,
  getIpv6,
  getMac,
  putBool,
  putIpv4,
  putIpv6,
  putMac,
  putU32,
  zero,
} from '@millrace/maps/codec'

/**
 * ```c
 * struct addresses {
 *     ipv4_t ipv4;
 *     ipv4_t ipv4_network;
 *     ipv6_t ipv6;
 *     ipv6_t ipv6_network;
 *     mac_t mac;
 *     mac_t other_mac;
 *     __u32 prefix_length;
 *     bool ipv4_in_prefix;
 *     bool ipv4_unspecified;
 *     bool ipv4_loopback;
 *     bool ipv4_multicast;
 *     bool ipv4_broadcast;
 *     bool ipv4_link_local;
 *     bool ipv4_private;
 *     bool ipv6_equal;
 *     bool ipv6_in_prefix;
 *     bool ipv6_unspecified;
 *     bool ipv6_loopback;
 *     bool ipv6_multicast;
 *     bool ipv6_link_local;
 *     bool ipv6_private;
 *     bool ipv6_mapped;
 *     bool mac_equal;
 *     bool mac_multicast;
 *     bool mac_broadcast;
 *     bool mac_local;
 * };
 * ```
 */
export interface Addresses {
  ipv4: string
  ipv4Network: string
  ipv6: string
  ipv6Network: string
  mac: string
  otherMac: string
  prefixLength: number
  ipv4InPrefix: boolean
  ipv4Unspecified: boolean
  ipv4Loopback: boolean
  ipv4Multicast: boolean
  ipv4Broadcast: boolean
  ipv4LinkLocal: boolean
  ipv4Private: boolean
  ipv6Equal: boolean
  ipv6InPrefix: boolean
  ipv6Unspecified: boolean
  ipv6Loopback: boolean
  ipv6Multicast: boolean
  ipv6LinkLocal: boolean
  ipv6Private: boolean
  ipv6Mapped: boolean
  macEqual: boolean
  macMulticast: boolean
  macBroadcast: boolean
  macLocal: boolean
}

export const Addresses: Codec<Addresses> = {
  size: 76,
  alignment: 4,
  layout: [
    'size 76',
    'ipv4 be32 @0',
    'ipv4_network be32 @32',
    'ipv6.bytes[16] u8 @64',
    'ipv6_network.bytes[16] u8 @192',
    'mac.bytes[6] u8 @320',
    'other_mac.bytes[6] u8 @368',
    'prefix_length u32 @416',
    'ipv4_in_prefix bool8 @448',
    'ipv4_unspecified bool8 @456',
    'ipv4_loopback bool8 @464',
    'ipv4_multicast bool8 @472',
    'ipv4_broadcast bool8 @480',
    'ipv4_link_local bool8 @488',
    'ipv4_private bool8 @496',
    'ipv6_equal bool8 @504',
    'ipv6_in_prefix bool8 @512',
    'ipv6_unspecified bool8 @520',
    'ipv6_loopback bool8 @528',
    'ipv6_multicast bool8 @536',
    'ipv6_link_local bool8 @544',
    'ipv6_private bool8 @552',
    'ipv6_mapped bool8 @560',
    'mac_equal bool8 @568',
    'mac_multicast bool8 @576',
    'mac_broadcast bool8 @584',
    'mac_local bool8 @592',
  ],
  encode(value, view, offset) {
    zero(view, offset + 75, 1)
    putIpv4(view, offset, value.ipv4, 'ipv4')
    putIpv4(view, offset + 4, value.ipv4Network, 'ipv4Network')
    putIpv6(view, offset + 8, value.ipv6, 'ipv6')
    putIpv6(view, offset + 24, value.ipv6Network, 'ipv6Network')
    putMac(view, offset + 40, value.mac, 'mac')
    putMac(view, offset + 46, value.otherMac, 'otherMac')
    putU32(view, offset + 52, value.prefixLength, 'prefixLength')
    putBool(view, offset + 56, value.ipv4InPrefix, 'ipv4InPrefix')
    putBool(view, offset + 57, value.ipv4Unspecified, 'ipv4Unspecified')
    putBool(view, offset + 58, value.ipv4Loopback, 'ipv4Loopback')
    putBool(view, offset + 59, value.ipv4Multicast, 'ipv4Multicast')
    putBool(view, offset + 60, value.ipv4Broadcast, 'ipv4Broadcast')
    putBool(view, offset + 61, value.ipv4LinkLocal, 'ipv4LinkLocal')
    putBool(view, offset + 62, value.ipv4Private, 'ipv4Private')
    putBool(view, offset + 63, value.ipv6Equal, 'ipv6Equal')
    putBool(view, offset + 64, value.ipv6InPrefix, 'ipv6InPrefix')
    putBool(view, offset + 65, value.ipv6Unspecified, 'ipv6Unspecified')
    putBool(view, offset + 66, value.ipv6Loopback, 'ipv6Loopback')
    putBool(view, offset + 67, value.ipv6Multicast, 'ipv6Multicast')
    putBool(view, offset + 68, value.ipv6LinkLocal, 'ipv6LinkLocal')
    putBool(view, offset + 69, value.ipv6Private, 'ipv6Private')
    putBool(view, offset + 70, value.ipv6Mapped, 'ipv6Mapped')
    putBool(view, offset + 71, value.macEqual, 'macEqual')
    putBool(view, offset + 72, value.macMulticast, 'macMulticast')
    putBool(view, offset + 73, value.macBroadcast, 'macBroadcast')
    putBool(view, offset + 74, value.macLocal, 'macLocal')
  },
  decode(view, offset) {
    return {
      ipv4: getIpv4(view, offset),
      ipv4Network: getIpv4(view, offset + 4),
      ipv6: getIpv6(view, offset + 8),
      ipv6Network: getIpv6(view, offset + 24),
      mac: getMac(view, offset + 40),
      otherMac: getMac(view, offset + 46),
      prefixLength: view.getUint32(offset + 52, true),
      ipv4InPrefix: getBool(view, offset + 56),
      ipv4Unspecified: getBool(view, offset + 57),
      ipv4Loopback: getBool(view, offset + 58),
      ipv4Multicast: getBool(view, offset + 59),
      ipv4Broadcast: getBool(view, offset + 60),
      ipv4LinkLocal: getBool(view, offset + 61),
      ipv4Private: getBool(view, offset + 62),
      ipv6Equal: getBool(view, offset + 63),
      ipv6InPrefix: getBool(view, offset + 64),
      ipv6Unspecified: getBool(view, offset + 65),
      ipv6Loopback: getBool(view, offset + 66),
      ipv6Multicast: getBool(view, offset + 67),
      ipv6LinkLocal: getBool(view, offset + 68),
      ipv6Private: getBool(view, offset + 69),
      ipv6Mapped: getBool(view, offset + 70),
      macEqual: getBool(view, offset + 71),
      macMulticast: getBool(view, offset + 72),
      macBroadcast: getBool(view, offset + 73),
      macLocal: getBool(view, offset + 74),
    }
  },
}

/** What addresses.bpf.o declares; `load(addresses)` of @millrace/core loads it. */
export const addresses = defineObject({
  name: 'addresses',
  file: new URL('./addresses.bpf.o', import.meta.url),
  maps: {
    questions: ArrayMap.spec({ name: 'questions', value: Addresses, maxEntries: 1 }),
  },
  programs: {
    ask: { name: 'ask', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})

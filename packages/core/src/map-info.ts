import { type Handle, nativeBinding } from './binding.js'
import { explain } from './explain.js'
import { type MapType, mapTypes } from './map-type.js'

/** What the kernel says of a map; sizes in bytes. */
export interface MapInfo {
  readonly id: number
  readonly type: MapType
  /** at most 15 characters of it; '' for one without */
  readonly name: string
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  /** BPF_F_... of linux/bpf.h, those that the kernel added included */
  readonly flags: number
  /** depends on the type: hash functions of a bloom filter, address of an arena */
  readonly mapExtra: bigint
  /** network device that the map is offloaded to, 0: none */
  readonly ifindex: number
  /** 0: the map has no BTF */
  readonly btfId: number
  readonly btfKeyTypeId: number
  readonly btfValueTypeId: number
  /** memory that the kernel accounts for it; undefined where it does not say */
  readonly memlock: number | undefined
  readonly frozen: boolean
}

/** @internal */
export function readMapInfo(map: Handle): MapInfo {
  const info = nativeBinding().mapInfo(map)
  if ('errno' in info) throw explain({ operation: 'read the info of the map', errno: info.errno, log: info.log })
  return { ...info, type: mapTypes.nameOf(info.type), memlock: info.memlock < 0 ? undefined : info.memlock }
}

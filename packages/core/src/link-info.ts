import { type Handle, nativeBinding } from './binding.js'
import { explain } from './explain.js'
import { type LinkType, linkTypes } from './link-type.js'

/** What the kernel says of a link. */
export interface LinkInfo {
  readonly id: number
  readonly type: LinkType
  /** 0: none, the link was detached */
  readonly programId: number
  /** of the network device; undefined for links to something else, 0: the device is gone or the link was detached */
  readonly ifindex: number | undefined
  /** enum bpf_attach_type of linux/bpf.h; undefined for links that have none */
  readonly attachType: number | undefined
}

const onDevice: ReadonlySet<LinkType> = new Set(['xdp', 'tcx', 'netkit'])

/** @internal */
export function readLinkInfo(link: Handle): LinkInfo {
  const info = nativeBinding().linkInfo(link)
  if ('errno' in info) throw explain({ operation: 'read the info of the link', errno: info.errno, log: info.log })
  const type = linkTypes.nameOf(info.type)
  return {
    id: info.id,
    type,
    programId: info.programId,
    ifindex: onDevice.has(type) ? info.ifindex : undefined,
    attachType: info.attachType < 0 ? undefined : info.attachType,
  }
}

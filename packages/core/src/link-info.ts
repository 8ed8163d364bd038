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
  /** of a link to a control group: the inode number of its folder */
  readonly cgroupId: bigint | undefined
  /** of a link to a network namespace: the inode number of its file; 0: it is gone */
  readonly netnsInode: number | undefined
  /** of a link to a SockMap or SockHash; 0: the link was detached */
  readonly mapId: number | undefined
  /**
   * Of a tracing link, which freplace makes too: id of the program with the function, or of the BTF object that the function
   * of the kernel is in; 0: a kernel before 5.13 does not say.
   */
  readonly targetId: number | undefined
  /** of the function, in that BTF */
  readonly targetBtfId: number | undefined
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
    cgroupId: type === 'cgroup' ? info.cgroupId : undefined,
    netnsInode: type === 'netns' ? info.netnsInode : undefined,
    mapId: type === 'sockmap' ? info.mapId : undefined,
    targetId: type === 'tracing' ? info.targetId : undefined,
    targetBtfId: type === 'tracing' ? info.targetBtfId : undefined,
  }
}

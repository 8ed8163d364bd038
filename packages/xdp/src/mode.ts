/**
 * Where on the receive path a program runs: `native` in the driver, before the kernel makes a socket buffer of the packet;
 * `generic` in the stack, for a driver that cannot, and slower; `offload` on the network card itself.
 *
 * @example
 * ```ts
 * import type { XdpMode } from '@millrace/xdp'
 *
 * const fastest: XdpMode = 'native'
 * ```
 */
export type XdpMode = 'native' | 'generic' | 'offload'

/** As uapi `<linux/if_link.h>` has them: XDP_FLAGS_DRV_MODE, XDP_FLAGS_SKB_MODE, XDP_FLAGS_HW_MODE. */
export const modeFlag: Readonly<Record<XdpMode, number>> = { generic: 1 << 1, native: 1 << 2, offload: 1 << 3 }

/** XDP_FLAGS_UPDATE_IF_NOEXIST: never replace what is there. */
export const UPDATE_IF_NOEXIST = 1 << 0

/** XDP_FLAGS_REPLACE: only when the program that is there is the expected one (Linux 5.7). */
export const REPLACE = 1 << 4

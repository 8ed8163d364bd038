/** Verdicts of tc programs, as TCX and direct action know them (linux/pkt_cls.h). */
const tc = {
  unspec: -1,
  ok: 0,
  reclassify: 1,
  shot: 2,
  pipe: 3,
  stolen: 4,
  queued: 5,
  repeat: 6,
  redirect: 7,
  trap: 8,
} as const

/** Verdicts of lightweight tunnel programs (enum bpf_ret_code). */
const lwt = { ok: 0, drop: 2, redirect: 7, reroute: 128 } as const

const verdicts = {
  xdp: { aborted: 0, drop: 1, pass: 2, tx: 3, redirect: 4 },
  sched_cls: tc,
  sched_act: tc,
  // On egress with 2: and tell TCP of congestion.
  cgroup_skb: { drop: 0, allow: 1, dropCongested: 2, allowCongested: 3 },
  flow_dissector: { ok: 0, drop: 2, continue: 129 },
  sk_lookup: { drop: 0, pass: 1 },
  lwt_in: lwt,
  lwt_out: lwt,
  lwt_xmit: lwt,
  lwt_seg6local: lwt,
  netfilter: { drop: 0, accept: 1 },
} as const

type Verdicts = typeof verdicts

/**
 * Names of a kind of program's verdicts: `'drop' | 'pass' | ...` for `xdp`. `invalid` is a return value without a
 * name; undefined is what kinds have whose return value is no verdict.
 */
export type Action<T extends string> = T extends keyof Verdicts ? keyof Verdicts[T] | 'invalid' : undefined

export function actionOf<T extends string>(type: T, returnValue: number): Action<T> {
  const names: Readonly<Record<string, number>> | undefined = Object.hasOwn(verdicts, type)
    ? verdicts[type as keyof Verdicts]
    : undefined
  if (names === undefined) return undefined as Action<T>
  // The kernel's return value is unsigned; TC_ACT_UNSPEC is -1.
  const [name = 'invalid'] = Object.entries(names).find(([, value]) => value === (returnValue | 0)) ?? []
  return name as Action<T>
}

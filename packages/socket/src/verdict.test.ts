import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { BindVerdict, CgroupVerdict, EgressVerdict, FlowDissectorVerdict } from './index.js'

const header = (name: string) => readFileSync(new URL(`../../../bpf/include/millrace/${name}`, import.meta.url), 'utf8')
const defined = (name: string, macro: string) =>
  Number(new RegExp(`^#define ${macro}\\s+(\\d+)$`, 'm').exec(header(name))?.[1])

it('verdicts have the numbers of the headers', () => {
  expect(CgroupVerdict).toEqual({ Deny: defined('cgroup.h', 'MR_DENY'), Allow: defined('cgroup.h', 'MR_ALLOW') })
  const congested = defined('cgroup_skb.h', 'MR_CONGESTED')
  expect(EgressVerdict).toEqual({
    ...CgroupVerdict,
    DenyCongested: CgroupVerdict.Deny | congested,
    AllowCongested: CgroupVerdict.Allow | congested,
  })
  expect(BindVerdict).toEqual({ ...CgroupVerdict, AllowLowPort: defined('sock_addr.h', 'MR_ALLOW_LOW_PORT') })
})

it('verdicts of flow dissectors have the numbers of linux/bpf.h', () => {
  expect(FlowDissectorVerdict).toEqual({ Ok: 0, Drop: 2, Continue: 129 })
})

// One round of attaching and detaching: prints {"row": microseconds}. Arguments: object file, interface.
import { loadSync } from '@millrace/core'
import { attachTc } from '@millrace/tc'
import { attachXdp } from '@millrace/xdp'
import { report, timed } from './times.mjs'

const [, , file, iface] = process.argv
const object = loadSync(file)
const { pass_xdp, pass_tc } = object.programs
const tc = (mechanism) => attachTc(pass_tc, iface, { direction: 'ingress', mechanism })

const hooks = {
  XDP: () => attachXdp(pass_xdp, iface),
  TCX: () => tc('tcx'),
  clsact: () => tc('clsact'),
}

for (let round = -20; round < 40; round++) {
  for (const [hook, attach] of Object.entries(hooks)) {
    const attachment = timed(round, `${hook}: attach`, attach)
    timed(round, `${hook}: detach`, () => attachment.detach())
  }
}
object.close()
report()

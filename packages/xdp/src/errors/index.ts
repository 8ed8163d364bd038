export { InterfaceGoneError } from './interface-gone-error.js'
export { type ProgramIdentity, UnexpectedProgramError } from './unexpected-program-error.js'
export { type XdpRefusal, XdpRefusedError } from './xdp-refused-error.js'

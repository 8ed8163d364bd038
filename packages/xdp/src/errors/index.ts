export { type XdpRefusal, XdpRefusedError } from './xdp-refused-error.js'

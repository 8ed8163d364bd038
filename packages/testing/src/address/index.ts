export { getIpv4, putIpv4 } from './ipv4.js'
export { getIpv6, normalizeIpv6, putIpv6 } from './ipv6.js'
export { getMac, putMac } from './mac.js'

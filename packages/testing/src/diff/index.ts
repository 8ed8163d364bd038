export { assertPacket } from './assert-packet.js'
export { type DiffOptions, diffPackets, type PacketLike } from './diff-packets.js'

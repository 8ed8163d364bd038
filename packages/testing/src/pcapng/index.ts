export {
  encodePcapng,
  type PcapngInterface,
  type PcapngPacket,
  type PcapngPacketOptions,
  PcapngWriter,
} from './pcapng.js'

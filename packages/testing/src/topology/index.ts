export type {
  Endpoint,
  HostDeclaration,
  InterfaceDeclaration,
  InterfaceName,
  RouteDeclaration,
  TopologyDeclaration,
} from './declaration.js'
export { Host, type NetworkInterface } from './host.js'
export type { RunOptions, RunResult } from './process.js'
export { type Topology, topology } from './topology.js'

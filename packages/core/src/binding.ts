import { loadAddon } from './addon/load-addon.js'
import type { Handle } from './handle.js'
import { describeObject, type LayoutLines, type NativeObject, type OpenedObject } from './native-object.js'

export type { Handle } from './handle.js'
export type {
  LayoutLines,
  NativeMapDescription,
  NativeObject,
  NativeProgramDescription,
  NativeVariableDescription,
} from './native-object.js'

/**
 * What the native addon exports, and the only file that asks for it.
 *
 * Conventions: a hot call returns 0 (or a count) or a negative errno and never throws; a cold call returns its result or a
 * {@link Failure}. Buffers are checked in C++ against what the kernel says of the map: too short a buffer is -EINVAL, never
 * an overrun. The errors that people see are built from these in TypeScript.
 */

/** What a handle may stand for and the kernel gives an id: see {@link Binding.openById}. */
export type ObjectKind = 'map' | 'program' | 'link'

/** A cold call that the kernel or libbpf refused. */
export interface Failure {
  /** positive, as in errno.h */
  readonly errno: number
  /** what libbpf printed meanwhile, the verifier's log included; '' when it said nothing */
  readonly log: string
}

export interface NativeLoaded {
  /** by C name; internal maps by section (`.rodata`, `.bss`) */
  readonly maps: Readonly<Record<string, Handle>>
  /** of the first variable in the object's arena: bytes from its start */
  readonly arenaData: number
  /** only those that were loaded */
  readonly programs: Readonly<Record<string, Handle>>
  /** what libbpf and, at a log level above 0, the verifier printed */
  readonly log: string
}

export interface NativeMapInfo {
  readonly id: number
  readonly type: number
  readonly name: string
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
  readonly mapExtra: bigint
  readonly ifindex: number
  readonly btfId: number
  readonly btfKeyTypeId: number
  readonly btfValueTypeId: number
  /** from /proc/self/fdinfo, -1 where the kernel does not say */
  readonly memlock: number
  readonly frozen: boolean
}

/** Null where the map has no BTF, or that does not tell. */
export interface NativeMapLayout {
  readonly key: LayoutLines | null
  readonly value: LayoutLines | null
}

export interface NativeProgramInfo {
  readonly id: number
  readonly type: number
  readonly name: string
  /** 8 bytes as 16 hexadecimal digits */
  readonly tag: string
  readonly gplCompatible: boolean
  /** CLOCK_BOOTTIME, nanoseconds */
  readonly loadTime: bigint
  readonly uid: number
  readonly translatedSize: number
  readonly jitedSize: number
  readonly memlock: number
  readonly mapIds: readonly number[]
  readonly btfId: number
  readonly ifindex: number
  readonly runTimeNs: bigint
  readonly runCount: bigint
  readonly recursionMisses: bigint
  readonly verifiedInstructions: number
}

export interface NativeLinkInfo {
  readonly id: number
  /** enum bpf_link_type */
  readonly type: number
  readonly programId: number
  /** XDP, TCX, netkit, netfilter: else 0 */
  readonly ifindex: number
  /** enum bpf_attach_type where the link type has one, else -1 */
  readonly attachType: number
  /** inode number of the control group's folder; 0n where it is none, as 0 below */
  readonly cgroupId: bigint
  /** inode number of the network namespace, 0 also when that is gone */
  readonly netnsInode: number
  /** of a sockmap link */
  readonly mapId: number
  /** tracing: id of the program that freplace extends, else of a BTF object; 0 before Linux 5.13 */
  readonly targetId: number
  /** of the function in that BTF */
  readonly targetBtfId: number
}

export interface NativeTestRunOptions {
  readonly data?: Uint8Array | undefined
  readonly context?: Uint8Array | undefined
  /** bytes to reserve for the packet that comes back; 0 for none */
  readonly dataOutSize: number
  readonly contextOutSize: number
  readonly repeat: number
  readonly flags: number
  readonly cpu: number
  readonly batchSize: number
}

export interface NativeTestRunResult {
  readonly returnValue: number
  /** nanoseconds per run, the kernel's mean */
  readonly duration: number
  readonly data: Uint8Array
  readonly context: Uint8Array
}

export interface NativeXdpState {
  /** enum: 0 none, 1 driver, 2 generic, 3 hardware, 4 several */
  readonly attached: number
  readonly programId: number
  readonly driverProgramId: number
  readonly genericProgramId: number
  readonly hardwareProgramId: number
}

/** What a program is attached to. */
export type NativeTarget =
  /** TCX and netkit; `netns` is a path, '' for the calling thread's own */
  | { readonly ifindex: number; readonly netns: string }
  /** a control group's folder, or the file of a network namespace */
  | { readonly path: string }
  /** a SockMap or SockHash */
  | { readonly map: Handle }
  /** freplace: a global function of a program */
  | { readonly program: Handle; readonly function: string }

/** Where among the programs of a hook that runs several; see bpf(2), BPF_F_BEFORE and its like. */
export interface NativeOrder {
  readonly flags: number
  /** id of a program, or with BPF_F_LINK of a link; 0: none */
  readonly relativeId: number
  /** 0: whatever it is */
  readonly expectedRevision: bigint
}

/** The programs of a hook, in the order in which they run. */
export interface NativeHookState {
  /** 0 where the hook counts none */
  readonly revision: bigint
  /** BPF_F_ALLOW_MULTI and its like, of a control group */
  readonly flags: number
  readonly programs: readonly { readonly programId: number; readonly linkId: number; readonly flags: number }[]
}

/** A filter of clsact. */
export interface NativeFilter {
  readonly priority: number
  readonly handle: number
  /** as in if_ether.h, host byte order */
  readonly protocol: number
  readonly chain: number
  /** `bpf`, `u32`, `flower` ... */
  readonly kind: string
  /** of a bpf filter */
  readonly name: string
  readonly programId: number
  readonly directAction: boolean
}

export interface Binding {
  // ---- hot: one entry, through the map's own buffer: a key, and from the next multiple of 8 on a value -------------------
  /** Always the same bytes, sized by the kernel's word, and valid after the map is closed. */
  entryBuffer(map: Handle): ArrayBuffer | Failure
  /** Reads the value of the buffer's key into the buffer. */
  entryLookup(map: Handle): number
  entryUpdate(map: Handle): number
  entryCreate(map: Handle): number
  entryReplace(map: Handle): number
  entryDelete(map: Handle): number
  entryLookupAndDelete(map: Handle): number

  // ---- hot: maps, buffers of the caller -------------------------------------------------------------------------------------------------
  mapLookup(map: Handle, key: Uint8Array | null, value: Uint8Array, flags: number): number
  mapUpdate(map: Handle, key: Uint8Array | null, value: Uint8Array, flags: number): number
  mapDelete(map: Handle, key: Uint8Array): number
  mapLookupAndDelete(map: Handle, key: Uint8Array | null, value: Uint8Array, flags: number): number
  /** A cold call: for entries that the kernel looks up in the network namespace of whoever writes them, as interfaces. */
  mapUpdateInNetns(map: Handle, key: Uint8Array, value: Uint8Array, flags: number, netns: string): number
  /** `key` null starts from the beginning. */
  mapNextKey(map: Handle, key: Uint8Array | null, next: Uint8Array): number
  /**
   * One batch. `token` is read unless `first` and always written: at least max(keySize, 4) bytes. `count[0]` holds the
   * capacity on entry and the number of elements on return, also when the return value is -ENOENT (the last batch).
   */
  mapLookupBatch(
    map: Handle,
    first: boolean,
    token: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: Uint32Array,
    flags: number,
  ): number
  mapLookupAndDeleteBatch(
    map: Handle,
    first: boolean,
    token: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: Uint32Array,
    flags: number,
  ): number
  mapUpdateBatch(map: Handle, keys: Uint8Array, values: Uint8Array, count: Uint32Array, flags: number): number
  mapDeleteBatch(map: Handle, keys: Uint8Array, count: Uint32Array, flags: number): number

  // ---- maps ------------------------------------------------------------------------------------------------------
  /** Local storage gets types of its own: the kernel makes it with BTF only. */
  mapCreate(
    type: number,
    name: string,
    keySize: number,
    valueSize: number,
    maxEntries: number,
    flags: number,
    extra?: number,
    innerMap?: Handle,
  ): Handle | Failure
  mapInfo(map: Handle): NativeMapInfo | Failure
  /** By the BTF that the map was made with. */
  mapLayout(map: Handle): NativeMapLayout | Failure
  mapFreeze(map: Handle): number

  // ---- mapped memory of an array map made with BPF_F_MMAPABLE, which .bss, .data and .rodata are, or of an arena ---------
  memoryMap(map: Handle, writable: boolean): Handle | Failure
  /**
   * The memory itself: it stays mapped until the garbage collector has taken the buffer, also when the handle is closed before. A
   * write to one that is not writable ends the process, so it is given to nobody. EOPNOTSUPP where the engine has no such buffers.
   */
  memoryBuffer(memory: Handle): ArrayBuffer | Failure
  /** in this process */
  memoryAddress(memory: Handle): number
  /** bytes */
  memoryLength(memory: Handle): number
  /** One that is free for an arena of so many bytes, or a negative errno. */
  arenaAddress(length: number): number
  /** Allocates the pages behind these bytes, so that an access cannot fail for want of memory. */
  memoryPopulate(memory: Handle, offset: number, length: number): number
  /** Copies; 1, 2, 4 and 8 aligned bytes are read and written atomically. */
  memoryRead(memory: Handle, offset: number, out: Uint8Array): number
  memoryWrite(memory: Handle, offset: number, bytes: Uint8Array): number

  // ---- ring buffers ------------------------------------------------------------------------------------------------
  ringOpen(map: Handle): Handle | Failure
  /**
   * Copies committed records into `out`, each at an offset that is a multiple of 8, and frees them in the ring.
   * `index` gets offset and length, two numbers a record. Returns the number of records, 0 when there is none.
   * A record that is longer than all of `out` is left in the ring: -EMSGSIZE, and index[0] tells its length.
   */
  ringDrain(ring: Handle, out: Uint8Array, index: Uint32Array): number
  /** bytes that are waiting */
  ringAvailable(ring: Handle): number
  /** Calls back once when the ring becomes readable; keeps the event loop alive until then or until ringStop. */
  ringWait(ring: Handle, readable: () => void): number
  ringStop(ring: Handle): number
  /**
   * Rings of `bytes`, a power of two and a multiple of the page size, for all CPUs that are online, read as one by the calls above:
   * in the order of time within a drain.
   */
  perfOpen(map: Handle, bytes: number): Handle | Failure
  /** Of each of its CPUs, the records that found the ring full, as far as the kernel has told: it does with the next that has room. */
  perfLost(ring: Handle): readonly bigint[] | Failure
  userRingOpen(map: Handle): Handle | Failure
  /** 0, -ENOSPC when there is no room now, -E2BIG when there never is. */
  userRingWrite(ring: Handle, record: Uint8Array): number

  // ---- object files ------------------------------------------------------------------------------------------------
  /** `source`: the path of the file, or its bytes. A failure without a log: it cannot be read. */
  objectOpen(
    source: string | Uint8Array,
    name: string,
    options: { pinRoot?: string | undefined; btfPath?: string | undefined; kernelLogLevel?: number | undefined },
  ): NativeObject | Failure
  objectSetMap(
    object: Handle,
    map: string,
    change: { maxEntries?: number; pinPath?: string | null; reuse?: Handle },
  ): number
  /** `extends`: it becomes a freplace program for that function of a loaded program. */
  objectSetProgram(
    object: Handle,
    program: string,
    change: {
      autoload?: boolean
      flags?: number
      attachType?: number
      extends?: { program: Handle; function: string }
    },
  ): number
  /** Initial bytes of .rodata, .data or .bss. */
  objectWriteData(object: Handle, section: string, offset: number, bytes: Uint8Array): number
  objectLoadSync(object: Handle): NativeLoaded | Failure
  /** On the thread pool; the handle stays valid, and can be closed, only after it has settled. */
  objectLoad(object: Handle): Promise<NativeLoaded | Failure>

  // ---- programs ----------------------------------------------------------------------------------------------------
  programInfo(program: Handle): NativeProgramInfo | Failure
  /** Instructions as translated by the verifier, 8 bytes each. */
  programInstructions(program: Handle): Uint8Array | Failure
  programTestRun(program: Handle, options: NativeTestRunOptions): NativeTestRunResult | Failure

  // ---- links -------------------------------------------------------------------------------------------------------
  linkInfo(link: Handle): NativeLinkInfo | Failure
  /** `expected` 0: whatever is there. */
  linkUpdate(link: Handle, program: Handle, expected: Handle | 0): number
  linkDetach(link: Handle): number

  // ---- hooks that take links or several programs; attach types are enum bpf_attach_type -------------------------------------
  linkCreate(program: Handle, target: NativeTarget, attachType: number, order: NativeOrder | null): Handle | Failure
  /** Without a link. `replace`: the program whose place it takes, with BPF_F_REPLACE; 0: none. */
  programAttach(
    program: Handle,
    target: NativeTarget,
    attachType: number,
    order: NativeOrder,
    replace: Handle | 0,
  ): Failure | null
  /** `program` 0: whichever is there, for hooks that run one. */
  programDetach(program: Handle | 0, target: NativeTarget, attachType: number): Failure | null
  /** `flags` may be BPF_F_QUERY_EFFECTIVE. */
  hookQuery(target: NativeTarget, attachType: number, flags: number): NativeHookState | Failure

  /**
   * Attaches a program to the SO_REUSEPORT group of a socket, in the place of the one that it has; 0 takes it off (-ENOENT: it has
   * none).
   */
  socketReuseport(program: Handle | 0, descriptor: number): number

  // ---- clsact and its filters, by netlink; `parent` is TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS or TC_H_MIN_EGRESS) ----------------
  clsactDelete(ifindex: number, netns: string): Failure | null
  clsactExists(ifindex: number, netns: string): boolean | Failure
  /** In the order in which they run. */
  filterList(ifindex: number, parent: number, netns: string): readonly NativeFilter[] | Failure
  /** A direct-action bpf filter for all protocols. `replace` puts it in the place of the one with this priority and handle. */
  filterSet(
    program: Handle,
    ifindex: number,
    parent: number,
    filter: { readonly priority: number; readonly handle: number; readonly name: string; readonly replace: boolean },
    netns: string,
  ): Failure | null
  /**
   * Makes the qdisc and this filter in one system call: a process that is killed leaves both or none. EEXIST of `qdisc`: somebody
   * has made it already, and the filter is there nevertheless unless `filter` says why not. Failure: nothing was changed; EBUSY
   * in it: an ingress qdisc has the place.
   */
  filterSetWithQdisc(
    program: Handle,
    ifindex: number,
    parent: number,
    filter: { readonly priority: number; readonly handle: number; readonly name: string; readonly replace: boolean },
    netns: string,
  ): { readonly qdisc: Failure | null; readonly filter: Failure | null } | Failure
  filterDelete(ifindex: number, parent: number, priority: number, handle: number, netns: string): Failure | null
  /**
   * Removes the qdisc with the one filter that stands on it. ENOTEMPTY in the failure: there are others, in either direction, or that
   * filter is not there or has another program; nothing was changed.
   */
  filterDeleteWithQdisc(
    ifindex: number,
    parent: number,
    priority: number,
    handle: number,
    programId: number,
    netns: string,
  ): Failure | null

  // ---- XDP; `netns` is a path, '' for the calling thread's own -------------------------------------------------------
  xdpLinkCreate(program: Handle, ifindex: number, flags: number, netns: string): Handle | Failure
  /** By netlink. `program` 0 detaches; `expected` 0: no check. */
  xdpSet(program: Handle | 0, ifindex: number, flags: number, expected: Handle | 0, netns: string): Failure | null
  xdpQuery(ifindex: number, netns: string): NativeXdpState | Failure

  // ---- every kind ----------------------------------------------------------------------------------------------------
  /** Opens a pin. */
  pinOpen(path: string, flags: number): { kind: ObjectKind; handle: Handle } | Failure
  pin(handle: Handle, path: string): number
  openById(kind: ObjectKind, id: number): Handle | Failure
  /** The next id after `id`, or a negative errno (-ENOENT after the last). */
  nextId(kind: ObjectKind | 'btf', id: number): number
  /** The descriptor, for handing to a child or another library; still owned by the table. */
  descriptor(handle: Handle): number
  /** A handle on a duplicate of a descriptor that came from elsewhere. */
  adopt(kind: ObjectKind, fd: number): Handle | Failure
  close(handle: Handle): number

  // ---- order among processes and processors ----------------------------------------------------------------------------------
  /** An exclusive lock (flock) on a file or folder, until it is closed or the process ends. -EAGAIN: taken, and not `wait`. */
  lock(path: string, wait: boolean): Handle | Failure
  /** Resolves when every program that was running when it was called has returned: after an RCU grace period, some milliseconds. */
  waitForPrograms(): Promise<Failure | null>

  // ---- the system ----------------------------------------------------------------------------------------------------
  possibleCpus(): number
  libbpfVersion(): string
  /** 1 yes, 0 no, negative errno when it could not be told */
  probeProgramType(type: number): number
  probeMapType(type: number): number
  probeHelper(programType: number, helper: number): number
  /** BPF_ENABLE_STATS: statistics run while the handle is open. */
  enableStats(): Handle | Failure
  interfaceIndex(name: string, netns: string): number
  interfaceName(ifindex: number, netns: string): string | Failure
  interfaceList(netns: string): readonly { readonly index: number; readonly name: string }[] | Failure
}

/** What the addon itself exports: it describes an object in a string, which takes it a quarter of the time. */
type Addon = Omit<Binding, 'objectOpen'> & {
  objectOpen(...opening: Parameters<Binding['objectOpen']>): OpenedObject | Failure
}

let loaded: Binding | undefined

/**
 * The addon, loaded at the first call that needs the kernel: importing a package works on every system.
 *
 * @throws {@link NativeBindingError} when there is none for this system
 */
export function nativeBinding(): Binding {
  loaded ??= withDescriptions(loadAddon() as Addon)
  return loaded
}

function withDescriptions(addon: Addon): Binding {
  const objectOpen: Binding['objectOpen'] = (source, name, options) => {
    const opened = addon.objectOpen(source, name, options)
    return 'errno' in opened ? opened : describeObject(opened)
  }
  return { ...addon, objectOpen }
}

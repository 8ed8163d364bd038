/**
 * How Millrace recognizes what it has put on a hook, in another process and after a crash.
 *
 * On clsact it is the name of the filter:
 *
 * - `millrace/firewall`: put there by `attachTc`, for as long as the process has use for it
 * - `millrace:firewall@/sys/fs/bpf/millrace`: put there by `adoptTc` under the name `firewall`; the path is the pin root, which
 *   stands for the owner: two applications that use two roots may use the same names
 *
 * On TCX, where the kernel keeps no names, it is the link's pin below that root.
 */
export interface Mark {
  /** of the program, unless the user chose one */
  readonly name: string
  /** undefined: not to be adopted */
  readonly pinRoot: string | undefined
}

/** Of the kernel: CLS_BPF_NAME_LEN, with the NUL byte. */
export const FILTER_NAME_LENGTH = 256

const ATTACHED = 'millrace/'
const ADOPTABLE = 'millrace:'

/** What the filter is to be named. */
export function filterName({ name, pinRoot }: Mark): string {
  return pinRoot === undefined ? `${ATTACHED}${name}` : `${ADOPTABLE}${name}@${pinRoot}`
}

/** Whose filter it is by its name; undefined: not one of ours. */
export function markOf(filterName: string): Mark | undefined {
  if (filterName.startsWith(ATTACHED)) return { name: filterName.slice(ATTACHED.length), pinRoot: undefined }
  if (!filterName.startsWith(ADOPTABLE)) return undefined
  const at = filterName.indexOf('@')
  return at < 0 ? undefined : { name: filterName.slice(ADOPTABLE.length, at), pinRoot: filterName.slice(at + 1) }
}

/** Whether two marks are the same name of the same owner. */
export function isSameMark(one: Mark | undefined, other: Mark): boolean {
  return one !== undefined && one.name === other.name && one.pinRoot === other.pinRoot
}

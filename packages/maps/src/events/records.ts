/** Records as core hands them over, in memory of their own. */
export interface Records {
  /** how many */
  readonly records: number
  readonly view: DataView
  /** of each record the place of its first byte in the view, and its length */
  readonly index: Uint32Array
}

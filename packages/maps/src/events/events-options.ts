/** How to wait for events. */
export interface EventsOptions {
  /** ends the iteration: it throws the signal's reason */
  readonly signal?: AbortSignal | undefined
  /**
   * milliseconds: look for events this often, also when nothing woke the reader, for programs that never do
   * (BPF_RB_NO_WAKEUP). Default: wait for the wake-up.
   */
  readonly pollInterval?: number | undefined
}

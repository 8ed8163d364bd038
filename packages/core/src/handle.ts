/**
 * A kernel object in the addon's own table: a slot and a generation, so that a handle that was closed is told from one
 * that lives (-EBADF), also when the kernel has given its descriptor number to another file.
 */
export type Handle = number

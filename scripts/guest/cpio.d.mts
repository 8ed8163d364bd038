export function folderEntries(folder: string, target: string): Buffer[]
export function directory(path: string): Buffer
export function link(path: string, target: string): Buffer
export function file(path: string, bytes: Uint8Array | string, mode?: number): Buffer
export function archive(entries: readonly (Buffer | readonly Buffer[])[]): Buffer

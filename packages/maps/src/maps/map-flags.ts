/** BPF_F_... of linux/bpf.h, for making maps. */
export const mapFlags = {
  noPreallocation: 1,
  perCpuLists: 1 << 1,
  readOnlyForPrograms: 1 << 7,
  writeOnlyForPrograms: 1 << 8,
  memoryMapped: 1 << 10,
  anyMaxEntries: 1 << 12,
}

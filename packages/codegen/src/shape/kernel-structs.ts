/**
 * Structs that the kernel alone reads and writes inside of a map's value (kernel/bpf/btf.c, `btf_parse_fields`). They are left
 * out of the TypeScript type and written as zeroes, which the kernel ignores.
 */
export const kernelStructs: ReadonlySet<string> = new Set([
  ...['bpf_spin_lock', 'bpf_res_spin_lock', 'bpf_timer', 'bpf_wq', 'bpf_task_work', 'bpf_refcount'],
  ...['bpf_list_head', 'bpf_list_node', 'bpf_rb_root', 'bpf_rb_node'],
])

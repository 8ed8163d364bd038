import { describe, expect, it } from 'vitest'
import { bpf2ts } from '../src/index.js'
import { compileBpf, temporaryFolder } from './clang.js'

const folder = temporaryFolder()

/** What a generated module says of the maps of a piece of C, one map a line. */
function specsOf(source: string): string[] {
  const module = bpf2ts(compileBpf(folder, 'nested', `#include "declare.h"\n${source}`), { file: 'nested.bpf.o' })
  const maps = /\n {2}maps: \{\n(.*?)\n {2}\},\n/s.exec(module)?.[1] ?? ''
  return maps.split(/\n(?= {4}\w)/).map((map) =>
    map
      .replace(/,?\n\s*(?=\})/g, ' ')
      .replace(/\n\s*/g, ' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
  )
}

describe('a map of maps', () => {
  it('takes what is inside from its declaration', () => {
    const source = `
      struct flow { __u32 id; };
      struct table {
        __uint(type, BPF_MAP_TYPE_HASH);
        __type(key, struct flow);
        __type(value, __u64);
        __uint(max_entries, 8);
        __uint(map_flags, BPF_F_NO_PREALLOC);
      };
      struct table first SEC(".maps");
      struct {
        __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
        __uint(key_size, 4);
        __uint(max_entries, 4);
        __uint(map_flags, 0);
        __array(values, struct table);
      } tables SEC(".maps") = { .values = { [1] = &first } };
      struct {
        __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
        __type(key, ipv4_t);
        __type(value, __u32);
        __uint(max_entries, 16);
        __array(values, struct {
          __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
          __type(key, __u32);
          __type(value, struct { __u64 packets; });
          __uint(max_entries, 2);
        });
      } tenants SEC(".maps");`
    expect(specsOf(source)).toEqual([
      "first: HashMap.spec({ name: 'first', key: Flow, value: u64, maxEntries: 8 }),",
      "tables: ArrayOfMaps.spec({ name: 'tables', inner: HashMap.spec({ name: 'tables.inner', key: Flow, value: u64, maxEntries: 8, flags: 1 }), maxEntries: 4 }),",
      "tenants: HashOfMaps.spec({ name: 'tenants', key: ipv4, inner: PerCpuArrayMap.spec({ name: 'tenants.inner', value: TenantsInnerValue, maxEntries: 2 }), maxEntries: 16 }),",
    ])
  })

  it('of ring buffers has the events that its marker says', () => {
    const source = `
      struct drop { __u32 reason; };
      struct {
        __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
        __type(key, __u32);
        __uint(max_entries, 4);
        __array(values, struct {
          __uint(type, BPF_MAP_TYPE_RINGBUF);
          __uint(max_entries, 4096);
        });
      } rings SEC(".maps");
      static const struct drop *const __event_of_rings SEC(".millrace");`
    expect(specsOf(source)).toEqual([
      "rings: ArrayOfMaps.spec({ name: 'rings', inner: RingBuffer.spec({ name: 'rings.inner', event: Drop, maxEntries: 4096 }), maxEntries: 4 }),",
    ])
  })
})

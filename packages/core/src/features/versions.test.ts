import { describe, expect, it } from 'vitest'
import { isAtLeast } from '../kernel-version.js'
import { mapTypes } from '../map-type.js'
import { programTypes } from '../program-type.js'
import { helperById, helperByName, helperNames } from './helpers.js'
import { mapTypeSince, programTypeSince } from './versions.js'

describe('versions', () => {
  it('are known for every kind of program and map', () => {
    for (const type of programTypes.names().slice(1)) expect(programTypeSince(type), type).toMatch(/^\d\.\d+$/)
    for (const type of mapTypes.names().slice(1)) expect(mapTypeSince(type), type).toMatch(/^\d\.\d+$/)
    expect(programTypeSince('xdp')).toBe('4.8')
    expect(mapTypeSince('inode_storage')).toBe('5.10')
    expect(mapTypeSince('type 99')).toBeUndefined()
  })

  it('rise with the number of the kind, since kernels only append', () => {
    const versions = mapTypes
      .names()
      .slice(1)
      .map((type) => mapTypeSince(type) ?? '')
    versions.slice(1).forEach((version, index) => {
      expect(isAtLeast(versions[index] ?? '', version) || version === '5.4').toBe(true)
    })
  })
})

describe('helpers', () => {
  // Numbers from enum bpf_func_id of linux/bpf.h.
  it.each([
    [1, 'bpf_map_lookup_elem', '3.19'],
    [51, 'bpf_redirect_map', '4.14'],
    [130, 'bpf_ringbuf_output', '5.8'],
    [152, 'bpf_redirect_neigh', '5.10'],
    [181, 'bpf_loop', '5.17'],
    [189, 'bpf_xdp_load_bytes', '5.18'],
    [211, 'bpf_cgrp_storage_delete', '6.2'],
  ])('number %i is %s, since Linux %s', (id, name, since) => {
    expect(helperById(id)).toEqual({ id, name, since })
    expect(helperByName(name)).toEqual({ id, name, since })
    expect(helperByName(name.slice('bpf_'.length))).toEqual({ id, name, since })
  })

  it('are all there', () => {
    expect(helperNames()).toHaveLength(211)
    expect(helperById(0)).toBeUndefined()
    expect(helperById(212)).toBeUndefined()
  })
})

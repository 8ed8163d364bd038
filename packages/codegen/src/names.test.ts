import { describe, expect, it } from 'vitest'
import { NameError } from './errors.js'
import { camelCase, enumMemberNames, identifier, NameTable, pascalCase, refuseCollisions } from './names.js'

describe('camelCase and pascalCase', () => {
  it.each([
    ['source_port', 'sourcePort', 'SourcePort'],
    ['saddr', 'saddr', 'Saddr'],
    ['__sk_buff', 'skBuff', 'SkBuff'],
    ['trailing_', 'trailing', 'Trailing'],
    ['two__words', 'twoWords', 'TwoWords'],
    ['MAX_FLOWS', 'maxFlows', 'MaxFlows'],
    ['TTL', 'ttl', 'Ttl'],
    ['srcIP', 'srcIP', 'SrcIP'],
    ['IPv4Key', 'iPv4Key', 'IPv4Key'],
    ['ipv4_key', 'ipv4Key', 'Ipv4Key'],
    ['_4tuple', '_4tuple', '_4tuple'],
    ['x', 'x', 'X'],
    ['größe', 'größe', 'Größe'],
  ])('%s', (name, camel, pascal) => {
    expect(camelCase(name)).toBe(camel)
    expect(pascalCase(name)).toBe(pascal)
  })

  it('refuses what cannot be a name', () => {
    for (const name of ['a b', "a'b", 'a\nb', 'a-b', 'Option<u32>']) {
      expect(() => camelCase(name), name).toThrow(NameError)
      expect(() => identifier(name), name).toThrow(/cannot be a name in TypeScript/)
    }
  })
})

describe('enumMemberNames', () => {
  it.each([
    [['DROP_BLOCKED', 'DROP_MALFORMED'], 'drop_reason', ['Blocked', 'Malformed']],
    [['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS'], 'xdp_action', ['Aborted', 'Drop', 'Pass']],
    [['TC_ACT_OK', 'TC_ACT_SHOT'], 'tc_act', ['Ok', 'Shot']],
    [['NF_DROP', 'NF_DROP_REASON'], 'nf', ['Drop', 'DropReason']],
    [['XDP', 'XDP_PASS'], 'a value that is all prefix', ['Xdp', 'XdpPass']],
    [['MODE_4IN6', 'MODE_NONE'], 'a digit after the prefix', ['Mode4in6', 'ModeNone']],
    [['DROP_REASON_ONLY'], 'drop_reason', ['Only']],
    [['ONLY'], 'drop_reason', ['Only']],
    [['__DROP_MIN', 'DROP_MAX'], 'drop', ['Min', 'Max']],
    [['RED', 'GREEN'], 'color', ['Red', 'Green']],
    [['kRed', 'kGreen'], 'color', ['KRed', 'KGreen']],
    [['A_b', 'A_B'], 'two that would become the same', ['A_b', 'A_B']],
    [[], 'empty', []],
  ])('%s of %s', (names, enumName, expected) => {
    expect(enumMemberNames(names, enumName)).toEqual(expected)
  })
})

describe('refuseCollisions', () => {
  it('names both', () => {
    expect(() => refuseCollisions(['a_b', 'c', 'aB'], 'struct flow')).toThrow(
      'a_b and aB of struct flow are both aB in TypeScript. Rename one of them in C.',
    )
    expect(() => refuseCollisions(['a_b', 'ab'], 'struct flow')).not.toThrow()
  })
})

describe('NameTable', () => {
  it('gives the first free name', () => {
    const table = new NameTable(['Map'])
    const claimed = [1, 2, 3].map(() => table.claim('Map', 'Struct'))
    expect(claimed).toEqual(['MapStruct', 'MapStruct2', 'MapStruct3'])
    expect(table.claim('Flow', 'Enum')).toBe('Flow')
    expect(table.claim('Flow', 'Enum')).toBe('FlowEnum')
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifierAdvice } from './verifier-advice.js'
import { parseVerifierLog } from './verifier-log.js'

/** As Linux 6.18 and libbpf 1.5 printed them for the programs of test/bpf/refused.bpf.c. */
const log = (name: string) => readFileSync(new URL(`../../test/verifier-logs/${name}.log`, import.meta.url), 'utf8')

describe('parseVerifierLog', () => {
  it.each([
    [
      'reads_past_packet',
      19,
      'return data[13] == 8 ? XDP_DROP : XDP_PASS;',
      /^invalid access to packet, off=13 size=1.*; R1 offset is outside of the packet$/,
    ],
    ['uses_null', 28, 'return *value == 0 ? XDP_DROP : XDP_PASS;', /^R0 invalid mem access 'map_value_or_null'$/],
    ['loops_forever', 37, 'turns += 2;', /^infinite loop detected at insn 4$/],
    [
      'calls_wrong_helper',
      45,
      'return bpf_skb_load_bytes(ctx, 0, &(__u32){ 0 }, 4) ? XDP_DROP : XDP_PASS;',
      /^program of this type cannot use helper bpf_skb_load_bytes#26$/,
    ],
    ['calls_unknown_helper', 54, 'return no_such_helper(ctx) ? XDP_DROP : XDP_PASS;', /^invalid func unknown#9999$/],
    [
      'relocates_nothing',
      67,
      'return it->no_such_field;',
      /^failed to resolve CO-RE relocation <byte_off> .* struct no_such_struct___kernel\.no_such_field/,
    ],
  ])('finds the refused line of %s', (program, number, text, reason) => {
    expect(parseVerifierLog(log(program))).toEqual({
      program,
      line: { file: 'refused.bpf.c', number, text },
      reason: expect.stringMatching(reason),
      log: expect.stringContaining('processed'),
    })
  })

  it('keeps what the verifier printed and leaves out what libbpf did', () => {
    const parsed = parseVerifierLog(log('uses_null'))
    expect(parsed?.log).toMatch(/^0: R1=ctx\(\) R10=fp0\n/)
    expect(parsed?.log).not.toContain('libbpf')
  })

  it('takes the program that failed last, after others were printed at a log level', () => {
    const loaded = "libbpf: prog 'first': -- BEGIN PROG LOAD LOG --\nprocessed 2 insns\n-- END PROG LOAD LOG --\n"
    expect(parseVerifierLog(loaded + log('uses_null'))?.program).toBe('uses_null')
  })

  it('reads the form before Linux 6.9, which names no file', () => {
    const old = log('uses_null').replaceAll(/ @ refused\.bpf\.c:\d+$/gm, '')
    expect(parseVerifierLog(old)).toMatchObject({
      line: { text: 'return *value == 0 ? XDP_DROP : XDP_PASS;', file: undefined, number: undefined },
      reason: "R0 invalid mem access 'map_value_or_null'",
    })
  })

  it('reads a log of an object that was compiled without -g', () => {
    const bare = log('uses_null').replaceAll(/^; .*\n/gm, '')
    expect(parseVerifierLog(bare)).toMatchObject({
      line: undefined,
      reason: "R0 invalid mem access 'map_value_or_null'",
    })
  })

  it('reads a log whose end is missing', () => {
    const whole = log('uses_null')
    const cut = whole.slice(0, whole.indexOf('processed'))
    expect(parseVerifierLog(cut)?.reason).toBe("R0 invalid mem access 'map_value_or_null'")
  })

  it('finds nothing where the verifier did not speak', () => {
    expect(parseVerifierLog('')).toBeUndefined()
    expect(
      parseVerifierLog("libbpf: prog 'decide': BPF program load failed: Operation not permitted\n"),
    ).toBeUndefined()
  })
})

describe('verifierAdvice', () => {
  const reasonOf = (name: string) => parseVerifierLog(log(name))?.reason ?? ''

  it.each([
    ['reads_past_packet', /data_end/],
    ['uses_null', /NULL/],
    ['loops_forever', /bound/],
    ['calls_wrong_helper', /does not have the helper/],
  ])('says what %s means in C', (name, meaning) => {
    expect(verifierAdvice(reasonOf(name), true)).toMatch(meaning)
  })

  it('blames CAP_PERFMON only where it lacks', () => {
    expect(reasonOf('without_perfmon')).toBe('R7 pointer -= pointer prohibited')
    expect(verifierAdvice(reasonOf('without_perfmon'), false)).toMatch(/CAP_PERFMON/)
    expect(verifierAdvice(reasonOf('without_perfmon'), true)).toBeUndefined()
  })
})

/** The verifier's usual complaints and what they mean for the C source. */
const advice: readonly (readonly [complaint: RegExp, meaning: string])[] = [
  [/invalid access to packet/, 'the packet may end before this: compare with data_end first'],
  [/invalid mem access '(map_value|mem|ringbuf_mem|sock\w*)_or_null'/, 'the pointer may be NULL: test it first'],
  [/infinite loop detected|back-edge from insn/, 'the verifier sees no end of this loop: give it a constant bound'],
  [
    /BPF program is too large|too many jumps|jump sequence of/,
    'too many paths to check: bound the loops, or split with a tail call',
  ],
  [/R\d+ !read_ok/, 'a variable is read that was not set on every path'],
  [
    /invalid (indirect )?(read from|access to) stack|uninitialized stack/,
    'memory is passed on that was not initialised as a whole, padding included',
  ],
  [
    /combined stack size|stack depth \d+ too large|invalid stack off/,
    'a program has 512 bytes of stack: move large variables into a map',
  ],
  [
    /min value is (negative|outside)|unbounded (min|memory|value)|invalid zero-sized read|max value is outside|var_off=.* is not/,
    'the index or length has no bounds the verifier can see: mask it, or compare it first',
  ],
  [/invalid access to map value/, 'this lies outside of the map value'],
  [/misaligned (packet|stack|value|access)/, 'the access is not aligned to its size'],
  [
    /cannot call GPL(-restricted)? .*|GPL-restricted function/,
    'the helper is for GPL programs: declare a compatible licence, such as "Dual BSD/GPL"',
  ],
  [/program of this type cannot use helper|unknown func /, 'this kind of program does not have the helper'],
  [/Unreleased reference/, 'what was acquired (a ring buffer record, a socket) is not released on every path'],
  [/At program exit the register R0|R0 .* has (unknown|smin)/, 'the return value is not one that this hook knows'],
  [
    /dereference of modified ctx ptr|invalid bpf_context access/,
    'the context has no field there, or the compiler changed the pointer to it',
  ],
]

/** Complaints that go away with CAP_PERFMON, without which the verifier trusts a program with fewer pointers. */
const strictness =
  /pointer (-=|\+=|comparison|arithmetic).*prohibited|leaks? addr|leaks pointer|pointer comparison prohibited/

/** A plainer account of the verifier's `reason`; undefined when there is none. */
export function verifierAdvice(reason: string, hasPerfmon: boolean): string | undefined {
  if (!hasPerfmon && strictness.test(reason))
    return 'allowed only to processes with CAP_PERFMON, which this one does not have'
  return advice.find(([complaint]) => complaint.test(reason))?.[1]
}

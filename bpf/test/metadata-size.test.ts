import { describe, expect, it } from 'vitest'
import { check } from './compilers.js'

describe('a struct that does not fit', () => {
  const source = (hook: string, record: string, before = '') => `
    #define MR_HOOK_${hook}
    ${before}
    #include <millrace/stage.h>
    struct hint { ${record} };
    MR_METADATA(struct hint);
    MR_STAGE(first) { struct hint *hint = mr_metadata_reserve(ctx); return hint ? MR_NEXT : MR_DROP; }`

  it.each([
    ['XDP', '__u8 bytes[36];'],
    ['TC', '__u8 bytes[20];'],
  ])('is an error of the compiler: too large at %s', async (hook, record) => {
    await expect(check(source(hook, record))).rejects.toThrow(/the struct is larger than MR_METADATA_SIZE/)
  })

  it.each([
    ['XDP', '__u8 bytes[6];'],
    ['TC', '__u8 bytes[6];'],
    ['XDP', ''],
  ])('is an error of the compiler: not a multiple of 4 bytes at %s: "%s"', async (hook, record) => {
    await expect(check(source(hook, record))).rejects.toThrow(/the struct's size is not a multiple of 4 bytes/)
  })

  it.each([
    ['XDP', '__u8 bytes[32];', ''],
    ['TC', '__u8 bytes[16];', ''],
    ['XDP', '__u8 bytes[252];', '#define MR_METADATA_SIZE 252'],
  ])('is none when it fits: %s, %s', async (hook, record, before) => {
    await check(source(hook, record, before))
  })

  it.each([
    ['XDP', 256],
    ['TC', 20],
  ])('nor is more room to be had at %s than there is: %i', async (hook, size) => {
    const checked = check(source(hook, '__u32 word;', `#define MR_METADATA_SIZE ${size}`))
    await expect(checked).rejects.toThrow(/at most 252 in XDP, 16 in tc/)
  })
})

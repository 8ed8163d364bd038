import { expect, test } from 'vitest'
import { blocksOf, compile } from './check-examples.mjs'

const text = [
  '# Title',
  '',
  '```ts',
  "import { basename } from 'node:path'",
  'const name: number = basename(import.meta.url)',
  '```',
  '',
  '```sh',
  'npm start',
  '```',
]

test('TypeScript blocks are found with the lines where they stand', () => {
  expect(blocksOf('README.md', text.join('\n'), 1)).toEqual([{ file: 'README.md', line: 4, lines: text.slice(3, 5) }])
})

test('a block that does not compile is reported where it stands', () => {
  const [error, ...others] = compile(blocksOf('README.md', text.join('\n'), 1))
  expect(error).toMatch(/^README\.md:5: Type 'string' is not assignable to type 'number'/)
  expect(others).toEqual([])
})

test('a block sees its own names only', () => {
  const two = '```ts\nconst port = 80\n```\n```ts\nconsole.log(port)\n```'
  expect(compile(blocksOf('README.md', two, 1))).toEqual([
    expect.stringMatching(/^README\.md:5: Cannot find name 'port'/),
  ])
})

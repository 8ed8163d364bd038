#!/usr/bin/env node
// Compiles every TypeScript block of the documentation (README.md, docs/, packages/*/README.md, examples/*/README.md) and
// every @example of a docstring, each as a module of its own against the packages' types. Nothing is run.
//
// A block is left out when its fence says `ts ignore`. `./name.bpf.js` stands for the generated module of that name.
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { root } from './lib/paths.mjs'
import { Refusal, script } from './lib/run.mjs'
import { filesBelow } from './lib/stamp.mjs'

const folders = ['README.md', 'CONTRIBUTING.md', 'docs', 'packages', 'examples', 'bench', 'bpf']
const files = (accept) => folders.flatMap((path) => filesBelow(path, accept))

/** Fenced blocks of a text whose first line is line `first` (from 1) of `file`; `strip` removes what leads each line. */
export function blocksOf(file, text, first, strip = (line) => line) {
  const blocks = []
  let open
  for (const [index, raw] of text.split('\n').entries()) {
    const line = strip(raw)
    const fence = /^\s*```\s*(\w*)\s*(\w*)/.exec(line)
    if (!fence) open?.lines.push(line)
    else if (open) open = undefined
    else {
      open = { file, line: first + index + 1, lines: [] }
      if (['ts', 'typescript'].includes(fence[1]) && fence[2] !== 'ignore') blocks.push(open)
    }
  }
  return blocks
}

/** Blocks in the documentation comments of a source file. */
function blocksInComments(file) {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const first = text.slice(0, comment.index).split('\n').length
    return blocksOf(file, comment[0], first, (line) => line.replace(/^\s*\* ?/, ''))
  })
}

const allBlocks = () => [
  ...files((file) => file.endsWith('.md') && !file.endsWith('CHANGELOG.md')).flatMap((file) =>
    blocksOf(file, readFileSync(join(root, file), 'utf8'), 1),
  ),
  ...filesBelow(
    'packages',
    (file) => /\/src\/.*\.ts$/.test(file) && !/\.test(-d)?\.ts$|\/generated\//.test(file),
  ).flatMap(blocksInComments),
]

/** The blocks as files that exist in memory only, each in the folder of the text it stands in. */
export function compile(blocks) {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  )
  const modules = new Map(blocks.map((block, index) => [join(root, dirname(block.file), `example-${index}.ts`), block]))
  const generated = new Map(
    [...filesBelow('examples'), ...filesBelow('bpf'), ...filesBelow('packages')]
      .filter((file) => file.endsWith('.bpf.ts'))
      .map((file) => [basename(file, '.ts'), join(root, file)]),
  )

  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  // `export {}` at the end makes a module of a block that imports nothing, and moves no line.
  host.readFile = (name) =>
    modules.has(name) ? `${modules.get(name).lines.join('\n')}\nexport {}\n` : readFile.call(host, name)
  host.fileExists = (name) => modules.has(name) || fileExists.call(host, name)
  host.resolveModuleNameLiterals = (literals, containing, _redirect, settings) =>
    literals.map(({ text }) => {
      const module = modules.has(containing) && generated.get(/^\.\/(.*\.bpf)\.js$/.exec(text)?.[1])
      if (module) return { resolvedModule: { resolvedFileName: module, extension: '.ts' } }
      return ts.resolveModuleName(text, containing, settings, host)
    })

  const program = ts.createProgram([...modules.keys()], { ...options, noUnusedLocals: false }, host)
  return [...modules].flatMap(([name, block]) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
      const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')
      return `${block.file}:${block.line + line}: ${message}\n    ${block.lines[line] ?? ''}`
    })
  })
}

/** Returns how many blocks there are; throws when one does not compile. */
export function checkExamples() {
  const blocks = allBlocks()
  const errors = compile(blocks)
  if (errors.length > 0) throw new Refusal(errors.join('\n'))
  return blocks.length
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(() => console.log(`${checkExamples()} examples compile`))

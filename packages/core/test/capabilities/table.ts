import type { Needs, Operation } from './operations.js'

/** The table of docs/capabilities.md: one a group, a line for all of which the same holds. */
export function table(operations: readonly Operation[]): string {
  const groups = [...new Set(operations.map(({ group }) => group))]
  return groups.map((group) => section(group, linesOf(operations.filter((it) => it.group === group)))).join('\n')
}

function section(title: string, lines: readonly (readonly [string, string])[]): string {
  const rows = [['call', 'needs'] as const, ['---', '---'] as const, ...lines]
  return `### ${title}\n\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`
}

function linesOf(operations: readonly Operation[]): (readonly [string, string])[] {
  const lines = new Map<string, { call: string; needs: string; of: string[] }>()
  for (const { call, of, needs } of operations) {
    const asked = words(needs)
    const line = lines.get(`${call} ${asked}`) ?? { call, needs: asked, of: [] }
    lines.set(`${call} ${asked}`, line)
    if (of !== undefined) line.of.push(of)
  }
  return [...lines.values()].map(({ call, needs, of }) => [[code(call), ...list(of)].join(' '), needs] as const)
}

const list = (types: readonly string[]) => (types.length === 0 ? [] : [types.map((it) => `\`${it}\``).join(', ')])

/** With the calls in it as code. */
function code(call: string): string {
  return call.replace(/[\w.]+\((?:\{.*?\})?\)/g, '`$&`')
}

function words(needs: Needs): string {
  if (needs.length === 0) return 'nothing'
  const first = needs.map(([capability]) => `\`${capability}\``).join(' and ')
  return needs.every((alternatives) => alternatives.length > 1) ? `${first}; or \`CAP_SYS_ADMIN\`` : first
}

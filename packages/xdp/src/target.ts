import type { Interface } from '@millrace/core/internal'

/** How errors name the hook: `XDP on eth0`. */
export function target({ name, netns }: Interface): string {
  return netns === '' ? `XDP on ${name}` : `XDP on ${name} in ${netns}`
}

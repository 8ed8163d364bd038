// Runs in a guest: `node run.mjs AREA`. A line of JSON before each feature and one after it.
import { UnsupportedKernelError } from '@millrace/core'
import type { Area, Feature } from './feature.js'

/** Milliseconds. An emulated processor is slow. */
const patience = 90_000

const area = process.argv[2] ?? ''
const { default: features }: { default: Area } = await import(new URL(`./${area}.mjs`, import.meta.url).href)

say({ area, features: Object.keys(features) })
for (const [name, feature] of Object.entries(features)) {
  say({ area, begin: name })
  const since = typeof feature.since === 'string' ? feature.since : feature.since[process.arch as 'x64' | 'arm64']
  const { config } = feature
  say({ area, end: name, since, config, ...(await outcome(feature)) })
}
say({ area, done: true })
// What a feature that failed has left must not hold the next ones up.
process.exit(0)

async function outcome(feature: Feature) {
  const started = performance.now()
  const result = await Promise.race([attempt(feature), late()])
  return { ...result, milliseconds: Math.round(performance.now() - started) }
}

async function attempt({ run }: Feature) {
  try {
    return { passed: true, result: await run() }
  } catch (error) {
    if (error instanceof UnsupportedKernelError) {
      return { unsupported: error.feature, needed: error.needed, message: error.message }
    }
    return { failed: error instanceof Error ? `${error.stack}` : String(error) }
  }
}

function late(): Promise<{ failed: string }> {
  return new Promise((resolve) =>
    setTimeout(resolve, patience, { failed: `not done after ${patience / 1000} seconds` }).unref(),
  )
}

function say(line: object): void {
  console.log(`@@${JSON.stringify(line)}`)
}

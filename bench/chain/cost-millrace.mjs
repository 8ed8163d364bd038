// One round of test runs of chains of empty stages: prints {"row": nanoseconds per stage}. Argument: a network namespace.
import { fileURLToPath } from 'node:url'
import { TailCallChain } from '@millrace/chain'
import { loadSync, Program } from '@millrace/core'
import { quickest } from './timing.mjs'

const netns = process.argv[2]
const lengths = [1, 4, 16, 32]
/** What a chain costs depends on where in memory its programs happen to be: each is loaded afresh as often, with others between. */
const placements = 6
const mostOthers = 3

const hooks = ['xdp', 'tc'].map((hook) => ({
  hook,
  file: fileURLToPath(new URL(`../generated/chain_stage_${hook}.bpf.o`, import.meta.url)),
  place: { hook, interface: 'lo', netns, ...(hook === 'tc' ? { direction: 'ingress' } : {}) },
}))

const settings = [
  { suffix: '', options: { counting: false } },
  { suffix: ', counted', options: {} },
  { suffix: ', timed', options: { timing: true } },
]

/** Nanoseconds a run of a chain. */
async function timeOfChain(file, options, length) {
  const others = []
  const object = loadSync(file)
  const chain = await TailCallChain.create(options)
  try {
    for (let i = 0; i < length; i++) {
      for (let other = Math.floor(Math.random() * (mostOthers + 1)); other > 0; other--) others.push(loadSync(file))
      chain.append(`stage-${i}`, object.programs.stage)
    }
    const head = Program.openById(chain.stages()[0].program.id)
    try {
      return quickest(head)
    } finally {
      head.close()
    }
  } finally {
    chain.close()
    await chain.settled()
    for (const each of [object, ...others]) each.close()
  }
}

function timeOfFloor(file) {
  const object = loadSync(file)
  try {
    return quickest(object.programs.floor_of_all)
  } finally {
    object.close()
  }
}

const least = (times) => Math.min(...times)
const mean = (times) => times.reduce((sum, time) => sum + time, 0) / times.length

const figures = {}
for (const { hook, file, place } of hooks) {
  for (const { suffix, options } of settings) {
    const floors = []
    const chains = new Map(lengths.map((length) => [length, []]))
    for (let placement = 0; placement < placements; placement++) {
      floors.push(timeOfFloor(file))
      for (const [length, times] of chains) times.push(await timeOfChain(file, { ...place, ...options }, length))
    }
    for (const [length, times] of chains) {
      const row = `${hook}, ${length} ${length === 1 ? 'stage' : 'stages'}${suffix}`
      figures[row] = (least(times) - least(floors)) / length
      figures[`${row}, on average`] = (mean(times) - mean(floors)) / length
    }
  }
}
console.log(JSON.stringify(figures))

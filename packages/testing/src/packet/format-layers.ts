import { fieldTexts } from './field-text.js'
import type { Layer } from './layers/index.js'

/** A line a layer, without the fields that are 0, unset or empty. */
export function formatLayers(layers: readonly Layer[], truncated: boolean): string {
  const width = Math.max(0, ...layers.map(({ layer }) => layer.length))
  const lines = layers.map((layer) => `${layer.layer.padEnd(width)}  ${formatLayer(layer)}`)
  return [...lines, ...(truncated ? ['(truncated)'] : [])].join('\n')
}

const ends = ['source', 'destination', 'sourcePort', 'destinationPort']

function formatLayer(layer: Layer): string {
  const texts = new Map(fieldTexts(layer))
  if (layer.layer === 'payload' || layer.layer === 'trailer') return texts.get('bytes') ?? ''
  const from = texts.get('source') ?? texts.get('sourcePort')
  const to = texts.get('destination') ?? texts.get('destinationPort')
  const rest = [...texts].filter(([name, text]) => !ends.includes(name) && !['0', 'no', '[]', '0 bytes'].includes(text))
  const flags = rest.filter(([, text]) => text === 'yes').map(([name]) => name)
  const fields = rest.filter(([, text]) => text !== 'yes').map(([name, text]) => `${name} ${text}`)
  return [...(from === undefined ? [] : [`${from} > ${to}`]), ...flags, ...fields].join(', ')
}

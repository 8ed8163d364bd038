import type { Btf } from '../btf/btf.js'
import type { TypeId } from '../btf/types.js'
import { UnsupportedError } from '../errors.js'
import { variablesOf } from './variables.js'

/** The type of what travels with packets, by the marker that MR_METADATA() of `millrace/metadata.h` leaves in the BTF. */
export function readMetadata(btf: Btf): TypeId | undefined {
  const marker = variablesOf(btf, '.millrace').find(({ name }) => name === '__metadata_of_packets')
  if (marker === undefined) return undefined
  const pointer = btf.resolve(marker.type).type
  if (pointer.kind === 'pointer') return pointer.type
  throw new UnsupportedError({
    subject: `marker ${marker.name}`,
    problem: 'does not point to a type',
    instead: 'Declare the metadata by MR_METADATA(struct ...), which writes the marker.',
  })
}

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/paths.mjs'
import { components } from './components.mjs'
import { prebuiltFile, targets } from './targets.mjs'

const core = 'packages/core'
export const sbomFile = `${core}/sbom.cdx.json`

const licences = (id) => [id.includes(' ') ? { expression: id } : { license: { id } }]

const sha256 = (content) => [{ alg: 'SHA-256', content }]

function library({ name, version, licence, purl, source }) {
  const component = {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    licenses: licences(licence),
    purl,
    scope: 'required',
  }
  if (!source) return component
  const properties = Object.entries(source).map(([key, value]) => ({ name: `millrace:source:${key}`, value }))
  return { ...component, properties }
}

/** A prebuilt addon, with what is in it. */
function addon(platform, inside) {
  const content = createHash('sha256')
    .update(readFileSync(join(root, prebuiltFile(platform))))
    .digest('hex')
  const name = prebuiltFile(platform).slice(core.length + 1)
  const component = { type: 'file', 'bom-ref': name, name, hashes: sha256(content) }
  return { component, dependency: { ref: name, dependsOn: inside.map(({ purl }) => purl) } }
}

/** The bill of materials of @millrace/core by CycloneDX 1.6: the addons that are there now, and what is inside them. */
export async function sbom(platform, note) {
  const {
    name,
    version,
    license,
    dependencies = {},
  } = JSON.parse(readFileSync(join(root, core, 'package.json'), 'utf8'))
  const inside = await components(platform, note)
  const addons = Object.keys(targets)
    .filter((target) => existsSync(join(root, prebuiltFile(target))))
    .map((target) => addon(target, inside))
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  const needed = Object.entries(dependencies).map(([dependency, range]) => ({
    ...{ type: 'library', name: dependency, version: range },
    'bom-ref': `pkg:npm/${dependency.replace('@', '%40')}`,
  }))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'library', 'bom-ref': purl, name, version, licenses: licences(license), purl } },
    components: [...addons.map(({ component }) => component), ...inside.map(library), ...needed],
    dependencies: [
      {
        ref: purl,
        dependsOn: [...addons.map(({ component }) => component.name), ...needed.map((row) => row['bom-ref'])],
      },
      ...addons.map(({ dependency }) => dependency),
    ],
  }
}

export async function writeSbom(platform, note) {
  writeFileSync(join(root, sbomFile), `${JSON.stringify(await sbom(platform, note), null, 2)}\n`)
}

import { literal } from './c-header.js'
import { addressBytes } from './leaf-text.js'
import type { Leaf } from './leaves.js'
import type { ScalarModel } from './model.js'

/** A C statement that gives a leaf of `v` its value. */
export function printAssignment({ path, type, value }: Leaf): string {
  const leaf = `v${path}`
  switch (type.kind) {
    case 'scalar':
      return printScalarAssignment(leaf, type, value as number | bigint | string)
    case 'string':
      return printCopy(leaf, Buffer.from(value as string))
    case 'bytes':
      return printCopy(leaf, value as Uint8Array)
    default:
      return `${leaf} = ${literal(BigInt(value as number | bigint | boolean))};`
  }
}

function printScalarAssignment(leaf: string, { form, size }: ScalarModel, value: number | bigint | string): string {
  switch (form) {
    case 'ipv4':
      return printCopy(`&${leaf}`, addressBytes(value as string))
    case 'ipv6':
    case 'mac':
      return printCopy(`${leaf}.bytes`, addressBytes(value as string))
    case 'big-endian':
      return `${leaf} = __builtin_bswap${size * 8}(${literal(BigInt(value))});`
    case 'wide': {
      const bits = BigInt.asUintN(128, BigInt(value))
      return `${leaf} = (unsigned __int128)${bits >> 64n}ULL << 64 | ${BigInt.asUintN(64, bits)}ULL;`
    }
    case 'float':
      return `${leaf} = ${floatLiteral(value as number)};`
    default:
      return `${leaf} = ${literal(BigInt(value))};`
  }
}

/** C statements that print a leaf of `v`, as leafText() does. */
export function printPrinting({ path, type }: Leaf): string {
  const leaf = `v->${path.slice(1)}`
  switch (type.kind) {
    case 'string':
      return `hex(${leaf}, text_length(${leaf}, ${type.length}));`
    case 'bytes':
      return `hex(${leaf}, ${type.length});`
    case 'enum':
      return printInteger(
        leaf,
        type.values.some((value) => value < 0n),
      )
    case 'bits':
      return printInteger(leaf, type.base.form === 'signed')
    case 'scalar':
      return printScalar(leaf, type)
  }
}

function printScalar(leaf: string, { form, size }: ScalarModel): string {
  switch (form) {
    case 'ipv4':
    case 'ipv6':
    case 'mac':
      return `hex(&${leaf}, ${size});`
    case 'big-endian':
      return printInteger(`__builtin_bswap${size * 8}(${leaf})`, false)
    case 'bool':
      // As a byte: a bool that is neither 0 nor 1 may be anything to the compiler.
      return printInteger(`*(const unsigned char *)&${leaf} != 0`, false)
    case 'wide':
      return `printf("%016llx%016llx\\n", (unsigned long long)(${leaf} >> 64), (unsigned long long)${leaf});`
    case 'float': {
      const isNan = `${leaf} != ${leaf}`
      return `if (${isNan}) printf("nan\\n"); else { double d = ${leaf}; hex(&d, 8); }`
    }
    default:
      return printInteger(leaf, form === 'signed')
  }
}

function printInteger(expression: string, isSigned: boolean): string {
  return `printf("%ll${isSigned ? 'd' : 'u'}\\n", (${isSigned ? '' : 'unsigned '}long long)(${expression}));`
}

function printCopy(target: string, bytes: Uint8Array): string {
  const escapes = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
  return `memcpy(${target}, "${escapes.join('')}", ${bytes.length});`
}

function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '__builtin_inf()' : '-__builtin_inf()'
  return Object.is(value, -0) ? '-0.0' : value.toExponential()
}

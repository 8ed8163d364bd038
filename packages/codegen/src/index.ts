export { type Bpf2tsOptions, bpf2ts } from './bpf2ts.js'
export { CodegenError, NameError, ObjectFormatError, UnsupportedError, type UnsupportedErrorFields } from './errors.js'

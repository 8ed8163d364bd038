import { camelCase } from './names.js'

/** The TypeScript name of an object by its file: `my-firewall.bpf.o` -> `myFirewall`. */
export function moduleName(file: string): string {
  return camelCase(withoutExtension(file).replace(/[^\p{ID_Continue}]+/gu, '_'))
}

/** `firewall.bpf.o` -> `firewall` */
function withoutExtension(file: string): string {
  return file.replace(/(\.bpf)?\.o$/, '')
}

/** What `bpf2ts --help` prints. */
export const help = `bpf2ts: a typed TypeScript module for an eBPF object file

  bpf2ts firewall.bpf.o                      writes firewall.bpf.ts beside it
  bpf2ts firewall.bpf.o -o src/fw.bpf.ts     writes another file; -o - prints to standard output
  bpf2ts build/*.bpf.o -o src/generated      writes a module for each into a folder
  bpf2ts --check firewall.bpf.o              writes nothing; exit code 1 and a diff when the module is stale

Options
  -o, --output PATH   file, existing folder, or - for standard output (default: beside the object file)
  -n, --name NAME     name of the object in TypeScript (default: that of the file, my-firewall.bpf.o is myFirewall)
  -t, --type NAME     also declare this C struct, union or enum, which no map, variable or event is of; may be repeated
      --check         compare with the file instead of writing it
      --json          print a JSON object on standard output, for scripts
  -h, --help          print this

The object file comes from clang with -g, which puts type information (BTF) into it:
  clang -target bpf -O2 -g -idirafter /usr/include/$(uname -m)-linux-gnu -c firewall.bpf.c -o firewall.bpf.o
Static global variables are left out: declare what is the program's own business static.

Exit codes
  0   written, or up to date
  1   an object file cannot be read or has something without a TypeScript form, or --check found a stale module
  2   the command line is wrong
`

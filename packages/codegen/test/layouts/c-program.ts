import { printAssignment, printPrinting } from './leaf-in-c.js'
import { leavesOf } from './leaves.js'
import type { Sample } from './samples.js'

/**
 * A C program that knows the layouts from the same header. `write` prints the bytes of every value, filled member by member,
 * a line each; `read` takes lines of the index of a layout, a size and bytes in hexadecimal, and prints each leaf on a line.
 */
export function printProgram(samples: readonly Sample[], header: string): string {
  const tags = samples.map(({ record }) => record.tag)
  return `${header}
int printf(const char *, ...);
int scanf(const char *, ...);
int strcmp(const char *, const char *);
void *memset(void *, int, unsigned long);
void *memcpy(void *, const void *, unsigned long);

static void hex(const void *from, unsigned long size)
{
	for (unsigned long i = 0; i < size; i++)
		printf("%02x", ((const unsigned char *)from)[i]);
	printf("\\n");
}

static unsigned long text_length(const char *text, unsigned long size)
{
	unsigned long length = 0;
	while (length < size && text[length])
		length++;
	return length;
}

${samples.map(printWriter).join('\n')}
${samples.map(printReader).join('\n')}
static void (*const readers[])(const void *) = { ${tags.map((tag) => `read_${tag}`).join(', ')} };

int main(int count, char **arguments)
{
	if (strcmp(arguments[1], "write") == 0) {
${tags.map((tag) => `\t\twrite_${tag}();\n`).join('')}		return 0;
	}
	static unsigned char bytes[1 << 16] __attribute__((aligned(64)));
	unsigned index, size;
	while (scanf("%u %u", &index, &size) == 2) {
		for (unsigned i = 0; i < size; i++)
			scanf(i == 0 ? " %2hhx" : "%2hhx", &bytes[i]);
		readers[index](bytes);
	}
	return 0;
}
`
}

function printWriter({ record, values }: Sample): string {
  const type = `${record.keyword} ${record.tag}`
  const fills = values.map((value) => {
    const given = leavesOf(record, value).filter((leaf) => leaf.value !== undefined)
    const lines = ['memset(&v, 0, sizeof v);', ...given.map(printAssignment), 'hex(&v, sizeof v);']
    return lines.map((line) => `\t${line}\n`).join('')
  })
  return `static void write_${record.tag}(void)\n{\n\t${type} v;\n${fills.join('')}}\n`
}

function printReader({ record }: Sample): string {
  const lines = leavesOf(record, undefined).map((leaf) => `\t${printPrinting(leaf)}\n`)
  const type = `${record.keyword} ${record.tag}`
  return `static void read_${record.tag}(const void *bytes)\n{\n\tconst ${type} *v = bytes;\n${lines.join('')}}\n`
}

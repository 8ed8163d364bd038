/** What the test has given on the command line. */
export const argument = <T>(index: number): T => JSON.parse(process.argv[index + 2] ?? 'null')

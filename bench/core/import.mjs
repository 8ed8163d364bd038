// The time that importing the three packages takes in a fresh process: prints {"row": milliseconds}.
const start = performance.now()
await Promise.all([import('@millrace/core'), import('@millrace/maps'), import('@millrace/xdp')])
console.log(JSON.stringify({ 'import core + maps + xdp': performance.now() - start }))

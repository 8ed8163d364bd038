// A process of the firewall. Arguments: version, folder for pins, interface. Prints how far it has come, a line each, and waits to be killed.
import { start } from './firewall.js'

const [version = '1', pins = '', iface = ''] = process.argv.slice(2)
const id = await start(Number(version), pins, iface, (phase) => console.log(phase))
console.log(`program ${id}`)
setInterval(() => {}, 60_000)

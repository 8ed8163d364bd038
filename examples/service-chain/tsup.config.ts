import { library } from '../../tsup.base.js'

export default library(
  { main: 'src/main.ts', client: 'src/hosts/client.ts', server: 'src/hosts/server.ts' },
  { format: ['esm'], dts: false, noExternal: ['@millrace/example-common'] },
)

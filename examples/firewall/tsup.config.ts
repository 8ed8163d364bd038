import { application } from '../../tsup.base.js'

export default application(
  { main: 'src/main.ts', client: 'src/hosts/client.ts', server: 'src/hosts/server.ts' },
  { noExternal: ['@millrace/example-common'] },
)

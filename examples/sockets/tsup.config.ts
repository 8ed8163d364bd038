import { library } from '../../tsup.base.js'

export default library(
  { main: 'src/main.ts' },
  { format: ['esm'], dts: false, noExternal: ['@millrace/example-common'] },
)

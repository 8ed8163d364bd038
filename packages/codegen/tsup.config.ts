import { library } from '../../tsup.base.js'

// Each file stands alone and is replaced in place: other builds run dist/cli.js meanwhile.
export default library({ index: 'src/index.ts', cli: 'src/cli.ts' }, { splitting: false, clean: false })

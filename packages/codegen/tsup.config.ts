import { application, library } from '../../tsup.base.js'

// Each file stands alone and is replaced in place: other builds run dist/cli.js meanwhile.
const inPlace = { splitting: false, clean: false }

export default [...library({ index: 'src/index.ts' }, inPlace), application({ cli: 'src/cli.ts' }, inPlace)]

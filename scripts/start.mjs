#!/usr/bin/env node
// npm start: sets everything up, then runs the firewall example. Arguments go to the example: `npm start -- --json`.
import { runExample } from './lib/example.mjs'
import { script } from './lib/run.mjs'

await script(() => runExample('firewall', 'npm start'))

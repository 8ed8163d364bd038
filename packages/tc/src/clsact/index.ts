export { clsact } from './clsact.js'

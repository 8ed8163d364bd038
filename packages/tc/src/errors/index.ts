export { NoPriorityError } from './no-priority-error.js'
export { QdiscBusyError } from './qdisc-busy-error.js'

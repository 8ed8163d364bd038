export { CgroupGoneError } from './cgroup-gone-error.js'
export { NetnsGoneError } from './netns-gone-error.js'

export { attachReuseport, detachReuseport } from './attach.js'

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { root } from './paths.mjs'

/**
 * Runs `work` while no other process of this checkout runs work of that name; calls `waiting` when one does. The lock is a
 * socket in the abstract namespace: the kernel frees it with its process, however that ends, so no lock is ever stale.
 */
export async function withLock(name, work, waiting) {
  const address = `\0millrace-${name}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
  let server = await listen(address)
  if (!server) waiting()
  while (!server) {
    await closed(address)
    server = await listen(address)
  }
  try {
    return await work()
  } finally {
    server.close()
    for (const peer of server.peers) peer.destroy()
  }
}

/** A server that knows who waits, or undefined when the address is taken. */
async function listen(address) {
  const server = Object.assign(createServer(), { peers: new Set() })
  server.on('connection', (peer) => {
    server.peers.add(peer)
    peer.on('error', () => {}).on('close', () => server.peers.delete(peer))
  })
  try {
    await once(server.listen(address), 'listening')
    return server
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error
  }
}

/** Resolves when the process at that address is done, or gone. */
function closed(address) {
  return new Promise((resolve) =>
    connect(address)
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  )
}

import type { Socket } from 'node:net'

/** All that a socket gets from now on, a character a byte. */
export function heardBy(socket: Socket): { readonly text: string } {
  const heard = { text: '' }
  socket.on('data', (data) => {
    heard.text += data.toString('latin1')
  })
  socket.resume()
  return heard
}

import { explain, nativeBinding } from '@millrace/core/internal'

/** Resolves once every packet that is in a program now is through: some 10 ms. */
export async function waitForPackets(): Promise<void> {
  const failure = await nativeBinding().waitForPrograms()
  if (failure === null) return
  throw explain({ operation: 'wait until no packet is in what was taken out of a chain', errno: failure.errno })
}

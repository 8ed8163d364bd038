/** What has been loaded and attached, to be closed in the opposite order. */
export class Closables {
  readonly #closables: { close(): void }[] = []

  add<T extends { close(): void }>(closable: T): T {
    this.#closables.push(closable)
    return closable
  }

  close(): void {
    for (const closable of this.#closables.splice(0).reverse()) closable.close()
  }
}

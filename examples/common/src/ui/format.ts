const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `12345` as `12,345`. */
export function count(value: number | bigint): string {
  return integer.format(value)
}

/** A rate, short enough for a column: `950/s`, `12.3 k/s`. */
export function rate(perSecond: number): string {
  if (perSecond < 10_000) return `${count(perSecond)}/s`
  if (perSecond < 1_000_000) return `${(perSecond / 1_000).toFixed(1)} k/s`
  return `${(perSecond / 1_000_000).toFixed(2)} M/s`
}

/** Bytes in decimal units, as network equipment counts. */
export function bytes(value: number | bigint): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let scaled = Number(value)
  let unit = 0
  while (scaled >= 1_000 && unit < units.length - 1) {
    scaled /= 1_000
    unit++
  }
  return unit === 0 ? `${scaled} B` : `${scaled.toFixed(1)} ${units[unit]}`
}

/** `83` µs as `83 µs`, `12345` as `12.3 ms`. */
export function micros(value: number): string {
  return value < 1_000 ? `${value.toFixed(0)} µs` : `${(value / 1_000).toFixed(1)} ms`
}

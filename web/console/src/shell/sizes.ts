/** Sizes as people say them. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const
const STEP = 1000

/** A number of bytes in the unit that keeps it below a thousand: 1.2 MB. */
export function bytesOf(bytes: number, count: (value: number) => string): string {
  let value = bytes
  let place = 0
  while (value >= STEP && place < UNITS.length - 1) {
    value /= STEP
    place += 1
  }
  const shown = value < 10 && place > 0 ? value.toFixed(1) : count(Math.round(value))
  return `${shown} ${UNITS[place] ?? ''}`
}

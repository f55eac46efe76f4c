/** Events as they are tried: a receipt that was filled in, as the API takes it. */

export interface Line {
  sku: string
  category: string
  brand: string
  quantity: number
  /** In units, as on a price tag; for the whole line. */
  amount: number
}

export interface Receipt {
  type: string
  /** As a field of the browser has it: 2026-03-01T15:00, in the program's zone. */
  time: string
  total: number
  store: string
  channel: string
  payment: string
  lines: Line[]
}

export const EMPTY_LINE: Line = { sku: '', category: '', brand: '', quantity: 1, amount: 10 }

/** The data of a purchase. `unit`: minor units of the money, 100 for dollars. */
export function dataOf(receipt: Receipt, currency: string, unit: number): Record<string, unknown> {
  if (receipt.type !== 'purchase') return {}
  const lines = receipt.lines.map((line) => ({
    amount: Math.round(line.amount * unit),
    ...(line.quantity === 1 ? {} : { quantity: line.quantity }),
    ...given({ sku: line.sku, category: line.category, brand: line.brand }),
  }))
  return {
    currency,
    ...(lines.length ? { lines } : { total: Math.round(receipt.total * unit) }),
    ...given({ store: receipt.store, channel: receipt.channel }),
    ...(receipt.payment
      ? {
          payments: [
            {
              method: receipt.payment,
              amount: lines.length
                ? lines.reduce((sum, line) => sum + line.amount, 0)
                : Math.round(receipt.total * unit),
            },
          ],
        }
      : {}),
  }
}

function given(words: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words)
      .map(([name, word]) => [name, word.trim()])
      .filter(([, word]) => word),
  ) as Record<string, string>
}

/** The instant of a wall clock time in a zone, as ISO 8601 with its offset. */
export function instantOf(local: string, zone: string): string {
  const asUtc = new Date(`${local}Z`)
  if (Number.isNaN(asUtc.getTime())) return local
  // Twice, since the offset is that of the instant sought, which the first guess may miss by an hour.
  let guess = asUtc.getTime() - offsetOf(asUtc, zone)
  guess = asUtc.getTime() - offsetOf(new Date(guess), zone)
  return new Date(guess).toISOString().replace('.000Z', 'Z')
}

/** The wall clock of a zone at an instant, as a field of the browser wants it. */
export function localOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetOf(instant, zone)).toISOString().slice(0, 16)
}

/** How far the clocks of the zone are ahead of UTC, in milliseconds. */
function offsetOf(instant: Date, zone: string): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(instant)
    const part = (name: string) => Number(parts.find((one) => one.type === name)?.value)
    const wall = Date.UTC(
      part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'),
    ) // prettier-ignore
    return wall - Math.floor(instant.getTime() / 1000) * 1000
  } catch {
    return 0
  }
}

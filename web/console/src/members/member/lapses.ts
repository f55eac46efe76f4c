/** Lots by the month in which they lapse: every month from the first to the last, and those that stay. */
import type { Schemas } from '@regulars/shared/api/client'

type Lot = Pick<Schemas['OpenLotAnswer'], 'lapses_at' | 'remaining' | 'available'>

export interface Month {
  /** 2026-03, or the word for never. */
  label: string
  points: number
  /** The part of them that can be spent already. */
  available: number
}

const MOST = 60

export function lapsesByMonth(lots: Lot[], never: string): Month[] {
  const found = new Map<string, Month>()
  const add = (label: string, lot?: Lot) => {
    const month = found.get(label) ?? { label, points: 0, available: 0 }
    month.points += lot?.remaining ?? 0
    month.available += lot?.available ? lot.remaining : 0
    found.set(label, month)
  }
  const dated = lots.filter((lot) => lot.lapses_at !== null)
  const months = dated.map((lot) => (lot.lapses_at ?? '').slice(0, 7)).sort()
  for (const label of between(months[0], months[months.length - 1])) add(label)
  for (const lot of dated) add((lot.lapses_at ?? '').slice(0, 7), lot)
  for (const lot of lots) if (lot.lapses_at === null) add(never, lot)
  return [...found.values()]
}

function between(first: string | undefined, last: string | undefined): string[] {
  const labels: string[] = []
  if (!first || !last) return labels
  let [year = 0, month = 1] = first.split('-').map(Number)
  while (labels.length < MOST) {
    const label = `${year}-${String(month).padStart(2, '0')}`
    labels.push(label)
    if (label >= last) break
    month += 1
    if (month > 12) [year, month] = [year + 1, 1]
  }
  return labels
}

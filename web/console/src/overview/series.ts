/** Days of two spans side by side, taken together by weeks where there are many. */
import type { Schemas } from '@regulars/shared/api/client'

export type Overview = Schemas['OverviewAnswer']
export type Day = Schemas['DayAnswer']

/** More days than this are shown by weeks. */
export const MOST_POINTS = 100
const WEEK = 7

export interface Point {
  /** The first day of it. */
  day: string
  now: number | null
  before: number | null
}

/** A flow adds up over the days of a week; a stock is what there was at their end. */
export type Kind = 'flow' | 'stock'

export function stepOf(days: number): number {
  return days > MOST_POINTS ? WEEK : 1
}

/** One point for each day or week of the span, with that of the span before. The last week may be
 * shorter, as is the one it is compared with. */
export function compared(
  overview: Pick<Overview, 'days' | 'days_before'>,
  of: (day: Day) => number | null,
  kind: Kind = 'flow',
): Point[] {
  const { days, days_before: before } = overview
  const step = stepOf(days.length)
  const points: Point[] = []
  for (let first = 0; first < days.length; first += step) {
    points.push({
      day: days[first]?.day ?? '',
      now: together(days.slice(first, first + step), of, kind),
      before: together(before.slice(first, first + step), of, kind),
    })
  }
  return points
}

function together(days: Day[], of: (day: Day) => number | null, kind: Kind): number | null {
  const known = days.map(of).filter((value) => value !== null)
  if (known.length === 0) return null
  return kind === 'flow' ? known.reduce((sum, value) => sum + value, 0) : (known.at(-1) ?? null)
}

/** The points of one currency on a day. */
export function pointsOf(currency: string, name: 'issued' | 'redeemed' | 'expired' | 'returned') {
  return (day: Day): number | null =>
    day.points.find((one) => one.currency === currency)?.[name] ?? null
}

export function outstandingOf(currency: string) {
  return (day: Day): number | null =>
    day.points.find((one) => one.currency === currency)?.outstanding ?? null
}

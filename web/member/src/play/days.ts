/** Days of a month, as 2026-11-22; weeks begin on Monday. */

const REACH_DAYS = 31
const DAY_MS = 86_400_000

function written(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The weeks of a month; null where a day is of another one. */
export function weeksOf(month: string): (string | null)[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`)
  const days: (string | null)[] = Array.from(
    { length: (new Date(first).getUTCDay() + 6) % 7 },
    () => null,
  )
  for (let day = first; written(day).startsWith(month); day += DAY_MS) days.push(written(day))
  while (days.length % 7) days.push(null)
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}

export function monthBefore(month: string): string {
  return written(Date.parse(`${month}-01T00:00:00Z`) - DAY_MS).slice(0, 7)
}

/** The days of a month that were missed and lie near enough to be made up for. */
export function missed(month: string, today: string, there: string[]): string[] {
  const now = Date.parse(`${today}T00:00:00Z`)
  return weeksOf(month)
    .flat()
    .filter((day): day is string => {
      if (!day || there.includes(day)) return false
      const before = (now - Date.parse(`${day}T00:00:00Z`)) / DAY_MS
      return before >= 1 && before <= REACH_DAYS
    })
}

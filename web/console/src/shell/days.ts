/** Days in the address: whole ones of the reader's own calendar, the last included. */
import dayjs, { type Dayjs } from 'dayjs'

export const DAY = 'YYYY-MM-DD'

/** What the address says; either end may be open. */
export interface Days {
  from?: string | undefined
  to?: string | undefined
}

/** The day; null for none, and for what somebody wrote into the address that is none. */
export function dayOf(text: string | undefined): Dayjs | null {
  const day = text ? dayjs(text) : null
  return day?.isValid() ? day : null
}

/** From the beginning of the first day to the end of the last, as the API is asked. */
export function stretchOf({ from, to }: Days): Record<'since' | 'until', string | undefined> {
  return {
    since: dayOf(from)?.toISOString(),
    until: dayOf(to)?.add(1, 'day').toISOString(),
  }
}

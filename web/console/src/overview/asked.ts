/** Which days and which part of the members are looked at: kept in the address. */
import dayjs, { type Dayjs } from 'dayjs'

import { useUrlStates } from '../shell/urlState'

export const PRESETS = [7, 28, 90, 365] as const
const INITIAL = 28
/** The server tells no more days at once. */
export const MOST_DAYS = 366

export interface Asked {
  /** So many days that end today; undefined where the days were chosen by hand. */
  days?: number
  from?: string
  to?: string
  segment?: string
}

interface Choice {
  asked: Asked
  currency?: string
  choose: (next: Record<string, string>) => void
}

export function useAsked(): Choice {
  const [read, choose] = useUrlStates()
  const from = read('from')
  const to = read('to')
  const segment = read('segment')
  const days = Number(read('days') ?? INITIAL)
  const isCustom = isDay(from) && isDay(to)
  return {
    asked: {
      segment,
      ...(isCustom ? { from, to } : { days: days >= 1 && days <= MOST_DAYS ? days : INITIAL }),
    },
    currency: read('currency'),
    choose,
  }
}

/** What the address says for so many days until today. */
export const lastDays = (days: number) => ({
  days: days === INITIAL ? '' : String(days),
  from: '',
  to: '',
})

/** What the address says for these days. */
export const between = (from: Dayjs, to: Dayjs) => ({
  days: '',
  from: from.format('YYYY-MM-DD'),
  to: to.format('YYYY-MM-DD'),
})

function isDay(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && dayjs(text).isValid()
}

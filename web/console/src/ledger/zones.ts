/** Days of the program's time zone as instants. */
import { api } from '@regulars/shared/api/client'
import dayjs from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)
dayjs.extend(timezone)

/** The instant at which a day (2026-03-01) begins in a zone, such as Asia/Shanghai. */
export function startOf(day: string, zone: string): string {
  return dayjs.tz(`${day}T00:00:00`, zone).toISOString()
}

/** The instant at which the day is over. */
export function endOf(day: string, zone: string): string {
  return startOf(dayjs.utc(day).add(1, 'day').format('YYYY-MM-DD'), zone)
}

/** The first day of this month in a zone. */
export function monthNow(zone: string): string {
  return dayjs().tz(zone).startOf('month').format('YYYY-MM-DD')
}

/** The program in force: its currencies, rules and time zone. It seldom changes. */
export function useProgram() {
  return api.useQuery('get', '/v1/programs/current', {}, { staleTime: 300_000, retry: false }).data
}

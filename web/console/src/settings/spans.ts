/** Spans such as P30D or P1Y6M, in words. */
import { useTranslation } from 'react-i18next'

const SPAN = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?$/
const UNITS = ['years', 'months', 'days', 'hours'] as const

/** Says a span; what cannot be read stays as it is. Whole years are told as years. */
export function useSpan(): (span: string) => string {
  const { t } = useTranslation('settings')
  return (span) => {
    const parts = partsOf(span)
    if (!parts) return span
    return parts.map(([unit, count]) => t(`spans.${unit}`, { count })).join(' ') || span
  }
}

export function partsOf(span: string): [(typeof UNITS)[number], number][] | undefined {
  const found = SPAN.exec(span)
  if (!found) return undefined
  const counts = UNITS.map((_, place) => Number(found[place + 1] ?? 0))
  const [years = 0, months = 0, days = 0, hours = 0] = counts
  const whole = [years + Math.floor(months / 12), months % 12, days, hours]
  return UNITS.map((unit, place): [(typeof UNITS)[number], number] => [
    unit,
    whole[place] ?? 0,
  ]).filter(([, count]) => count > 0)
}

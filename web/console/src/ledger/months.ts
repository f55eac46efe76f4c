/** Months by their names. */
import { useTranslation } from 'react-i18next'

/** Says months, given as their first day, in the reader's language: Mar 2026. */
export function useMonths(): (month: string) => string {
  const { i18n } = useTranslation('ledger')
  return monthsOf(i18n.language === 'zh' ? 'zh-CN' : 'en')
}

export function monthsOf(locale: string): (month: string) => string {
  const format = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
  return (month) => format.format(new Date(`${month.slice(0, 7)}-01T00:00:00Z`))
}

/** Numbers, money and instants as people of a language write them. */
import { useTranslation } from 'react-i18next'

import { localeOf, type Language } from './languages'

export interface Formats {
  /** A whole number with separators: 12,345. */
  count: (value: number) => string
  /** With its sign: +120, −30. */
  signed: (value: number) => string
  /** A share between 0 and 1 as a percentage with at most one decimal. */
  share: (value: number) => string
  /** Money in whole minor units of an ISO currency. */
  money: (minor: number, currency: string) => string
  /** A calendar day. `zone`: an IANA name; the reader's own when left out. */
  day: (instant: string | Date, zone?: string) => string
  /** A day with the time of day. */
  moment: (instant: string | Date, zone?: string) => string
  /** How long ago or in how long: "3 days ago", "in 2 hours". */
  ago: (instant: string | Date, now?: Date) => string
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function useFormats(): Formats {
  const { i18n } = useTranslation('shared')
  return formatsOf(i18n.language === 'zh' ? 'zh' : 'en')
}

const made = new Map<Language, Formats>()

export function formatsOf(language: Language): Formats {
  let found = made.get(language)
  if (!found) made.set(language, (found = build(localeOf(language))))
  return found
}

function build(locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return {
    count: (value) => whole.format(value),
    signed: (value) => signed.format(value),
    share: (value) => percent.format(value),
    money: (minor, currency) => {
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
      const digits = format.resolvedOptions().maximumFractionDigits ?? 2
      return format.format(minor / 10 ** digits)
    },
    day: (instant, timeZone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(instant)),
    moment: (instant, timeZone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
        new Date(instant),
      ),
    ago: (instant, now = new Date()) => {
      const seconds = (new Date(instant).getTime() - now.getTime()) / 1000
      const [unit, length] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? ['second', 1]
      return relative.format(Math.round(seconds / length), unit)
    },
  }
}

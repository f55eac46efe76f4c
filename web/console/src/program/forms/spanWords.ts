/** Spans of time as people say them. */
import { useTranslation } from 'react-i18next'

import { useChoiceName } from './context'
import { plain } from './scalars'

/** A span, or when points lapse: "12 months", "12 months, at the end of the year". */
export function useSpan(): (value: unknown) => string {
  const { t } = useTranslation('document')
  const say = useChoiceName()
  const span = (text: string) => {
    const [, count, unit] = /^PT?(\d+)([HDWMY])$/.exec(text) ?? []
    return count ? `${count} ${t(`units.${unit ?? 'D'}`)}` : say(text)
  }
  return (value) => {
    if (typeof value !== 'object' || value === null) return span(plain(value))
    return Object.entries(value)
      .map(
        ([name, inner]) =>
          `${t(`fields.${name}.label`, { defaultValue: name })} ${span(plain(inner))}`,
      )
      .join(', ')
  }
}

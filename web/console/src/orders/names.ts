/** What offers are called, in the reader's language. */
import { useTranslation } from 'react-i18next'

import type { Price } from './asking'

/** A text in several languages, as the reader likes it. */
export function useSaid(): (name: Record<string, string>) => string {
  const { i18n } = useTranslation('orders')
  const wanted = i18n.language === 'zh' ? 'zh-CN' : 'en'
  return (name) => name[wanted] ?? name.en ?? Object.values(name)[0] ?? ''
}

/** The name of the offer that a ref stands for; the ref itself where the order does not say. */
export function useOfferName(price: Price): (ref: string) => string {
  const { t } = useTranslation('orders')
  const said = useSaid()
  const names = new Map(
    [...price.applied, ...price.not_applied].map((one) => [one.offer, said(one.name)]),
  )
  return (ref) => (ref === 'till' ? t('byTill') : (names.get(ref) ?? ref))
}

/** The program's currencies, and prices in words. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

export type Reward = Schemas['RewardAnswer']
export type Variant = Schemas['RewardVariantAnswer']
export type Redemption = Schemas['RedemptionAnswer']
export type Sale = Schemas['SaleAnswer']

export const STATES = ['draft', 'active', 'paused', 'ended'] as const
export const KINDS = ['goods', 'coupon', 'service', 'donation', 'partner_points'] as const

export const STATE_COLORS = {
  draft: 'default',
  active: 'success',
  paused: 'warning',
  ended: 'default',
} as const

/** "800 points + ¥9.90". */
export function usePrice(): (
  points: number,
  currency: string,
  cash: Schemas['MoneyAnswer'] | null,
) => string {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  return (points, currency, cash) =>
    [
      ...(points ? [`${formats.count(points)} ${currency}`] : []),
      ...(cash ? [formats.money(cash.amount, cash.currency)] : []),
    ].join(' + ') || t('free')
}

/** A text by language in the reader's own, else in what there is. */
export function useWords(): (words: Record<string, string>) => string {
  const { i18n } = useTranslation('mall')
  const code = i18n.language === 'zh' ? 'zh-CN' : 'en'
  return (words) => words[code] || (Object.values(words).find(Boolean) ?? '')
}

/** How many minor units one unit of a currency has: 100 for CNY, 1 for JPY. */
export function unitsOf(money: string): number {
  if (!/^[A-Z]{3}$/.test(money)) return 100
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: money })
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
}

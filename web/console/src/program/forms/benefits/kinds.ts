/** The kinds of benefits, what a new one of each begins with, and what it has fields for. */

export interface Benefit {
  id?: unknown
  name?: unknown
  kind?: unknown
  percent?: unknown
  amount?: unknown
  ceiling?: unknown
  item?: unknown
  cashback?: Record<string, unknown>
  for?: unknown
  quota?: Record<string, unknown>
  threshold?: unknown
  schedule?: unknown
  when?: unknown
}

type Beginning = (currency: string) => Record<string, unknown>

const EVERYONE: Beginning = () => ({ for: 'everyone' })

export const BEGINNINGS = {
  percentage: () => ({ percent: 10, ceiling: 20, for: 'everyone' }),
  amount: () => ({ amount: 5, threshold: 50, valid: 'P30D', quota: { uses: 1, per: 'grant' } }),
  cashback: (currency) => ({ cashback: { currency, rate: 1, per: 10 }, for: 'everyone' }),
  free_delivery: EVERYONE,
  gift: () => ({ item: '?', valid: 'P30D', quota: { uses: 1, per: 'grant' } }),
  priority: EVERYONE,
  fee_waiver: EVERYONE,
  service: () => ({ item: '?', for: 'everyone', quota: { uses: 1, per: 'month' } }),
  warranty: EVERYONE,
  invitation: () => ({ valid: 'P30D' }),
  trial: () => ({ valid: 'P30D' }),
  partner_service: EVERYONE,
} satisfies Record<string, Beginning>

export type BenefitKind = keyof typeof BEGINNINGS

/** What a benefit of this kind is worth, by property. */
export const WORTH: Record<string, string[]> = {
  percentage: ['percent', 'ceiling', 'share_of_contribution'],
  amount: ['amount', 'share_of_contribution'],
  cashback: ['cashback', 'share_of_contribution'],
  free_delivery: ['ceiling'],
}

/** Kinds that go with an order. */
export const OF_ORDERS = ['percentage', 'amount', 'cashback', 'free_delivery', 'gift']

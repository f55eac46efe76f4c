/** The terms of a coupon as the form has them, and as the server takes them. */
import type { Schemas } from '@regulars/shared/api/client'
import dayjs, { type Dayjs } from 'dayjs'

export type Template = Schemas['CouponTemplateAnswer']
export type Coupon = Schemas['CouponAnswer']
export type Batch = Schemas['CouponBatchAnswer']
export type Terms = Schemas['Terms']

export const GIVES = ['amount', 'percentage', 'free_item', 'free_delivery', 'gift'] as const
export const STATES = ['draft', 'active', 'paused', 'ended'] as const

export const STATE_COLORS = {
  draft: 'default',
  active: 'success',
  paused: 'warning',
  ended: 'default',
} as const

export const STANDING_COLORS: Partial<Record<Coupon['standing'], string>> = {
  usable: 'success',
  reserved: 'blue',
  redeemed: 'purple',
  frozen: 'warning',
  paused: 'warning',
  revoked: 'error',
}

/** How many minor units one unit of a currency has: 100 for CNY, 1 for JPY. */
export function unitsOf(money: string): number {
  if (!/^[A-Z]{3}$/.test(money)) return 100
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: money })
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
}

/** What the form holds: money in whole units, percent and days as numbers. */
export interface TermsValues {
  code: string
  en: string
  zh?: string
  give: (typeof GIVES)[number]
  amount?: number
  percent?: number
  ceiling?: number
  quantity?: number
  gift?: string
  threshold?: number
  categories?: string[]
  skus?: string[]
  brands?: string[]
  exceptCategories?: string[]
  tiers?: string[]
  stages?: string[]
  tags?: string[]
  condition?: string
  channels?: string[]
  stores?: string[]
  validFrom?: Dayjs
  validUntil?: Dayjs
  days?: number
  uses?: number
  total?: number
  perMember?: number
  isClaimable?: boolean
  opensAt?: Dayjs
  closesAt?: Dayjs
  claimTotal?: number
  claimEach?: number
  group?: string
  priority?: number
  isAutomatic?: boolean
  isRestored?: boolean
  isGiftable?: boolean
  prefix?: string
  word?: string
}

export const FRESH: Partial<TermsValues> = {
  give: 'amount',
  uses: 1,
  claimEach: 1,
  isAutomatic: true,
  isRestored: true,
}

export function termsOf(values: TermsValues, money: string): Terms {
  const units = unitsOf(money)
  const minor = (value?: number | null) =>
    value === undefined || value === null ? null : Math.round(value * units)
  const at = (value?: Dayjs | null) => value?.toISOString() ?? null
  const { give } = values
  return {
    give,
    currency: money,
    amount: give === 'amount' ? minor(values.amount) : null,
    percent: give === 'percentage' ? String(values.percent ?? 0) : null,
    ceiling: give === 'percentage' || give === 'free_delivery' ? minor(values.ceiling) : null,
    quantity: give === 'free_item' ? (values.quantity ?? 1) : 1,
    gift: give === 'gift' ? (values.gift ?? '') : '',
    threshold: minor(values.threshold) ?? 0,
    goods: {
      categories: values.categories ?? [],
      skus: values.skus ?? [],
      brands: values.brands ?? [],
      except_categories: values.exceptCategories ?? [],
      except_skus: [],
      except_brands: [],
    },
    audience: {
      tiers: values.tiers ?? [],
      stages: values.stages ?? [],
      tags: values.tags ?? [],
      condition: values.condition ?? '',
    },
    channels: values.channels ?? [],
    stores: values.stores ?? [],
    valid_from: at(values.validFrom),
    valid_until: at(values.validUntil),
    valid_for: values.days ? `P${values.days}D` : null,
    pick: 'best',
    uses: values.uses ?? 1,
    total: values.total ?? null,
    per_member: values.perMember ?? null,
    claim: values.isClaimable
      ? {
          opens_at: at(values.opensAt),
          closes_at: at(values.closesAt),
          total: values.claimTotal ?? null,
          per_member: values.claimEach ?? 1,
        }
      : null,
    group: values.group ?? '',
    priority: values.priority ?? 0,
    is_automatic: values.isAutomatic ?? true,
    is_restored: values.isRestored ?? true,
    is_giftable: values.isGiftable ?? false,
  }
}

export function valuesOf({ code, name, terms, prefix, public_code }: Template): TermsValues {
  const units = unitsOf(terms.currency)
  const whole = (minor?: number | null) =>
    minor === undefined || minor === null ? undefined : minor / units
  const at = (value?: string | null) => (value ? dayjs(value) : undefined)
  const days = /^P(\d+)D$/.exec(terms.valid_for ?? '')?.[1]
  return {
    code,
    en: name.en ?? '',
    zh: name['zh-CN'],
    give: terms.give,
    amount: whole(terms.amount),
    percent: terms.percent ? Number(terms.percent) : undefined,
    ceiling: whole(terms.ceiling),
    quantity: terms.quantity,
    gift: terms.gift,
    threshold: whole(terms.threshold || undefined),
    categories: terms.goods.categories,
    skus: terms.goods.skus,
    brands: terms.goods.brands,
    exceptCategories: terms.goods.except_categories,
    tiers: terms.audience.tiers,
    stages: terms.audience.stages,
    tags: terms.audience.tags,
    condition: terms.audience.condition,
    channels: terms.channels,
    stores: terms.stores,
    validFrom: at(terms.valid_from),
    validUntil: at(terms.valid_until),
    days: days ? Number(days) : undefined,
    uses: terms.uses,
    total: terms.total ?? undefined,
    perMember: terms.per_member ?? undefined,
    isClaimable: Boolean(terms.claim),
    opensAt: at(terms.claim?.opens_at),
    closesAt: at(terms.claim?.closes_at),
    claimTotal: terms.claim?.total ?? undefined,
    claimEach: terms.claim?.per_member ?? 1,
    group: terms.group,
    priority: terms.priority,
    isAutomatic: terms.is_automatic,
    isRestored: terms.is_restored,
    isGiftable: terms.is_giftable,
    prefix,
    word: public_code ?? undefined,
  }
}

/** What the form knows and what it does not: the rest of the terms stays as it was written. */
export function kept(before: Terms, after: Terms): Terms {
  const { goods } = before
  const isOdd = Boolean(before.valid_for) && !/^P\d+D$/.test(before.valid_for ?? '')
  return {
    ...after,
    pick: before.pick,
    valid_for: after.valid_for ?? (isOdd ? before.valid_for : null),
    goods: {
      ...after.goods,
      except_skus: goods.except_skus,
      except_brands: goods.except_brands,
    },
  }
}

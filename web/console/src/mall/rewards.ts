/** A reward as a form holds it, and back. */
import type { Schemas } from '@regulars/shared/api/client'
import dayjs, { type Dayjs } from 'dayjs'

import type { Reward } from './money'

export type RewardIn = Schemas['RewardIn']
type Terms = RewardIn['terms']

export interface VariantValues {
  variant?: string
  sku?: string
  en?: string
  zh?: string
  points: number
  /** In minor units. */
  cash?: number | null
  stock?: number | null
}

export interface RewardValues {
  kind: RewardIn['kind']
  state: RewardIn['state']
  en?: string
  zh?: string
  describedEn?: string
  describedZh?: string
  category?: string
  currency: string
  ways?: Terms['ways']
  places?: { code: string; en?: string; zh?: string }[]
  most?: number | null
  per?: 'day' | 'week' | 'month' | 'year' | 'ever'
  tiers?: string[]
  where?: string
  template?: string
  benefit?: string
  benefitDays?: number | null
  partner?: string
  partnerPoints?: number | null
  rank?: number | null
  payMinutes?: number | null
  starts?: Dayjs | null
  ends?: Dayjs | null
  variants: VariantValues[]
}

export function valuesOf(reward: Reward): RewardValues {
  const { terms } = reward
  return {
    kind: reward.kind,
    state: reward.state,
    en: terms.name['en'],
    zh: terms.name['zh-CN'],
    describedEn: terms.description['en'],
    describedZh: terms.description['zh-CN'],
    category: terms.category,
    currency: terms.currency,
    ways: terms.ways,
    places: terms.places.map((one) => ({
      code: one.code,
      en: one.name['en'],
      zh: one.name['zh-CN'],
    })),
    most: terms.per_member?.most,
    per: (terms.per_member?.per ?? 'ever') as RewardValues['per'],
    tiers: terms.audience.tiers,
    where: terms.audience.where,
    template: terms.template,
    benefit: terms.benefit,
    benefitDays: terms.benefit_days,
    partner: terms.partner,
    partnerPoints: terms.partner_points,
    rank: reward.rank,
    payMinutes: terms.pay_minutes,
    starts: reward.starts_at ? dayjs(reward.starts_at) : null,
    ends: reward.ends_at ? dayjs(reward.ends_at) : null,
    variants: reward.variants.map((one) => ({
      variant: one.variant,
      sku: one.sku,
      en: one.name['en'],
      zh: one.name['zh-CN'],
      points: one.points,
      cash: one.cash?.amount,
    })),
  }
}

/** `before`: what is kept of the terms though the form does not show it. */
export function rewardOf(values: RewardValues, money: string, before?: Reward): RewardIn {
  const isGoods = values.kind === 'goods'
  return {
    kind: values.kind,
    state: values.state,
    rank: values.rank ?? 100,
    starts_at: values.starts?.toISOString() ?? null,
    ends_at: values.ends?.toISOString() ?? null,
    terms: {
      name: namesOf(values.en, values.zh),
      description: namesOf(values.describedEn, values.describedZh),
      category: values.category ?? '',
      currency: values.currency,
      ways: isGoods ? (values.ways ?? []) : [],
      places: isGoods
        ? (values.places ?? []).map((one) => ({ code: one.code, name: namesOf(one.en, one.zh) }))
        : [],
      per_member: values.most ? { most: values.most, per: values.per ?? 'ever' } : null,
      audience: {
        tiers: values.tiers ?? [],
        stages: before?.terms.audience.stages ?? [],
        tags: before?.terms.audience.tags ?? [],
        where: values.where ?? '',
      },
      pay_minutes: values.payMinutes ?? 30,
      template: values.template ?? '',
      benefit: values.benefit ?? '',
      benefit_days: values.benefitDays ?? 30,
      partner: values.partner ?? '',
      partner_points: values.partnerPoints ?? 0,
    },
    variants: values.variants.map((one) => ({
      variant: one.variant ?? null,
      sku: one.sku ?? '',
      name: namesOf(one.en, one.zh),
      points: one.points,
      cash: one.cash ? { amount: one.cash, currency: money } : null,
      stock: one.variant ? null : (one.stock ?? null),
    })),
  }
}

export function namesOf(en?: string, zh?: string): Record<string, string> {
  return { ...(en?.trim() ? { en: en.trim() } : {}), ...(zh?.trim() ? { 'zh-CN': zh.trim() } : {}) }
}

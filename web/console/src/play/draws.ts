/** A draw as a form holds it, and back. */
import type { Schemas } from '@regulars/shared/api/client'
import dayjs, { type Dayjs } from 'dayjs'

export type Draw = Schemas['DrawAnswer']
export type DrawIn = Schemas['DrawIn']
export type Prize = DrawIn['terms']['prizes'][number]
export type PrizeKind = Prize['kind']

export const KINDS: PrizeKind[] = ['points', 'coupon', 'benefit', 'goods', 'nothing']

export const STATE_COLORS: Record<string, string> = {
  active: 'geekblue',
  paused: 'orange',
  draft: 'blue',
}

const BENEFIT_DAYS = 30

export interface PrizeValues {
  code: string
  en: string
  zh?: string
  kind: PrizeKind
  weight: number
  stock?: number | null
  currency?: string
  amount?: number | null
  template?: string
  benefit?: string
  days?: number
}

export interface DrawValues {
  en: string
  zh?: string
  price?: number | null
  currency?: string
  byChance: boolean
  perDay?: number | null
  ever?: number | null
  outOf: number
  instead?: string
  span: [Dayjs, Dayjs]
  prizes: PrizeValues[]
}

export function words(en: string, zh?: string): Record<string, string> {
  return { en, ...(zh ? { 'zh-CN': zh } : {}) }
}

export function nameOf(found: Record<string, string>, language: string): string {
  return (language === 'zh' ? found['zh-CN'] : undefined) ?? found['en'] ?? ''
}

export function emptyDraw(): DrawValues {
  return {
    en: '',
    byChance: false,
    outOf: 100,
    perDay: 1,
    span: [dayjs().add(1, 'day').startOf('day'), dayjs().add(8, 'day').startOf('day')],
    prizes: [
      { code: 'points', en: '10 points', zh: '10积分', kind: 'points', weight: 20, amount: 10 },
      { code: 'none', en: 'Nothing', zh: '未中奖', kind: 'nothing', weight: 80 },
    ],
  }
}

export function valuesOf({ terms, starts_at, ends_at }: Draw): DrawValues {
  const limit = (per: string) => terms.limits.find((one) => one.per === per)
  return {
    en: terms.name['en'] ?? '',
    zh: terms.name['zh-CN'],
    price: terms.price?.amount,
    currency: terms.price?.currency,
    byChance: terms.by_chance,
    perDay: limit('day')?.most,
    ever: limit('ever')?.most,
    outOf: terms.out_of,
    instead: terms.instead,
    span: [dayjs(starts_at), dayjs(ends_at)],
    prizes: terms.prizes.map((one) => ({
      code: one.code,
      en: one.name['en'] ?? '',
      zh: one.name['zh-CN'],
      kind: one.kind,
      weight: one.weight,
      stock: one.stock,
      currency: one.currency ?? undefined,
      amount: one.amount,
      template: one.template ?? undefined,
      benefit: one.benefit ?? undefined,
      days: one.days,
    })),
  }
}

/** `known`: the draw as it was, for what the form does not show. */
export function bodyOf(values: DrawValues, currency: string, known?: Draw): DrawIn {
  const limits: DrawIn['terms']['limits'] = []
  if (values.perDay) limits.push({ most: values.perDay, per: 'day' })
  if (values.ever) limits.push({ most: values.ever, per: 'ever' })
  return {
    terms: {
      name: words(values.en, values.zh),
      about: known?.terms.about ?? {},
      tiers: known?.terms.tiers ?? [],
      price: values.price ? { currency: values.currency ?? currency, amount: values.price } : null,
      by_chance: values.byChance,
      limits,
      out_of: values.outOf,
      instead: values.instead ?? '',
      prizes: values.prizes.map((one) => prizeOf(one, currency)),
    },
    starts_at: values.span[0].toISOString(),
    ends_at: values.span[1].toISOString(),
  }
}

function prizeOf(one: PrizeValues, currency: string): Prize {
  return {
    code: one.code,
    name: words(one.en, one.zh),
    kind: one.kind,
    weight: one.weight,
    stock: one.kind === 'nothing' ? null : (one.stock ?? null),
    currency: one.kind === 'points' ? (one.currency ?? currency) : null,
    amount: one.kind === 'points' ? (one.amount ?? null) : null,
    template: one.kind === 'coupon' ? (one.template ?? null) : null,
    benefit: one.kind === 'benefit' ? (one.benefit ?? null) : null,
    days: one.days ?? BENEFIT_DAYS,
  }
}

/** What is left over or too much: the weights have to add up to the whole. */
export function missing(outOf: number, prizes: { weight?: number }[] = []): number {
  return outOf - prizes.reduce((sum, one) => sum + (one.weight ?? 0), 0)
}

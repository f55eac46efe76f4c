/** What a rule says, in short. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { valueAt } from '../../writing/tree'
import { EFFECTS } from '../benefits/Effects'
import { inWords, useChoiceName, useForm } from '../context'
import { digitsOf, plain } from '../scalars'

export interface Rule {
  id?: unknown
  name?: unknown
  on?: unknown
  earn?: Record<string, unknown>
  effects?: unknown
  occasions?: unknown
  lines?: Record<string, unknown>
  schedule?: Record<string, unknown>
  audience?: Record<string, unknown>
  when?: unknown
  payment?: unknown
  caps?: unknown
  budget?: unknown
  stacking?: Record<string, unknown>
}

export interface Summary {
  name: string
  /** What it gives and for what. */
  gives: string
  /** What narrows it. */
  tags: string[]
}

export function useSummary(): (rule: Rule) => Summary {
  const { t, i18n } = useTranslation(['program', 'document'])
  const formats = useFormats()
  const say = useChoiceName()
  const { value } = useForm()
  const { language } = i18n
  const currencies = (value.currencies ?? {}) as Record<string, { name?: unknown }>
  const money = plain(value.money)

  const ladder = valueAt(value, ['tiers', 'ladder'])
  const tierName = (id: string) => {
    const tiers = Array.isArray(ladder) ? (ladder as { id?: unknown; name?: unknown }[]) : []
    return inWords(tiers.find((one) => one.id === id)?.name, language) || id
  }
  const price = (units: unknown) =>
    typeof units === 'number' && /^[A-Z]{3}$/.test(money)
      ? formats.money(units * 10 ** digitsOf(money), money)
      : plain(units)
  const effectsOf = ({ effects }: Rule) =>
    (Array.isArray(effects) ? (effects as object[]) : []).map((effect) =>
      t(`effects.${EFFECTS.find((one) => one in effect) ?? 'title'}`),
    )
  const gives = (rule: Rule) => {
    const { earn = {}, on } = rule
    const points = inWords(currencies[plain(earn.currency)]?.name, language) || plain(earn.currency)
    const events = [on]
      .flat()
      .map((one) => t(`document:events.${plain(one)}`, { defaultValue: plain(one) }))
    const what = events.join(' / ')
    if (!rule.earn) return t('summary.effects', { effects: effectsOf(rule).join(', '), what })
    if ('rate' in earn)
      return t('summary.rate', { rate: plain(earn.rate), per: price(earn.per), points, what })
    if ('multiply' in earn)
      return t('summary.multiply', { factor: plain(earn.multiply), points, what })
    return t('summary.points', { count: Number(earn.points ?? 0), points, what })
  }
  const tags = (rule: Rule): string[] => {
    const { lines = {}, schedule = {}, audience = {} } = rule
    const words = (list: unknown) => (Array.isArray(list) ? list : []).map(plain)
    const caps = Array.isArray(rule.caps) ? (rule.caps as Record<string, unknown>[]) : []
    return [
      ...[...words(lines.categories), ...words(lines.brands), ...words(lines.skus)].slice(0, 3),
      ...words(rule.occasions).map((one) => t(`document:occasions.${one}`, { defaultValue: one })),
      ...(rule.earn ? effectsOf(rule) : []),
      ...words(schedule.weekdays).map(say),
      ...words(schedule.hours),
      schedule.from || schedule.until ? `${plain(schedule.from)} – ${plain(schedule.until)}` : '',
      schedule.birth_month ? t('document:fields.birth_month.label') : '',
      ...words(audience.tiers).map((tier) => t('summary.tier', { tier: tierName(tier) })),
      audience.where || rule.when || lines.where ? t('summary.condition') : '',
      ...caps.map((cap) =>
        t(cap.points === undefined ? 'summary.capTimes' : 'summary.capPoints', {
          count: Number(cap.points ?? cap.times ?? 0),
          per: say(plain(cap.per)),
        }),
      ),
      rule.budget ? t('summary.budget', { count: Number(rule.budget) }) : '',
      rule.stacking ? t('summary.group', { group: plain(rule.stacking.group) }) : '',
    ].filter(Boolean)
  }
  return (rule) => ({
    name: inWords(rule.name, language) || plain(rule.id),
    gives: gives(rule),
    tags: tags(rule),
  })
}

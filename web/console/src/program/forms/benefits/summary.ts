/** What a benefit says, in short. */
import { useTranslation } from 'react-i18next'

import { valueAt } from '../../writing/tree'
import { inWords, useChoiceName, useForm } from '../context'
import { plain } from '../scalars'
import type { Benefit } from './kinds'

export interface BenefitSummary {
  worth: string
  /** Who has it, and how often. */
  tags: string[]
}

const NAMED = [
  ['tiers', ['tiers', 'ladder']],
  ['cards', ['cards']],
] as const

export function useBenefitSummary(): (benefit: Benefit) => BenefitSummary {
  const { t, i18n } = useTranslation(['program', 'document'])
  const say = useChoiceName()
  const { value } = useForm()
  const nameOf = (list: readonly string[], id: string) => {
    const known = valueAt(value, [...list])
    const found = Array.isArray(known)
      ? (known as { id?: unknown; name?: unknown }[]).find((one) => one.id === id)
      : (known as Record<string, { name?: unknown }> | undefined)?.[id]
    return inWords(found?.name, i18n.language) || id
  }
  const who = (carriers: unknown): string[] => {
    if (carriers === undefined) return [t('benefits.granted')]
    if (typeof carriers !== 'object' || carriers === null) return [say('everyone')]
    const some = carriers as Record<string, unknown>
    const words = (list: unknown) => (Array.isArray(list) ? list : []).map(plain)
    return [
      ...NAMED.flatMap(([name, list]) => words(some[name]).map((id) => nameOf(list, id))),
      ...words(some.stages).map(say),
      ...words(some.tags).map((tag) => `#${tag}`),
      some.where ? t('summary.condition') : '',
    ]
  }
  const worth = (benefit: Benefit) => {
    const kind = t(`benefits.kinds.${plain(benefit.kind)}`, { defaultValue: plain(benefit.kind) })
    const much =
      benefit.percent === undefined
        ? plain(benefit.amount ?? benefit.item)
        : `${plain(benefit.percent)} %`
    return much ? `${kind} · ${much}` : kind
  }
  return (benefit) => ({
    worth: worth(benefit),
    tags: [
      ...who(benefit.for),
      benefit.quota
        ? t('benefits.quota', {
            count: Number(benefit.quota.uses ?? 0),
            per: t(`benefits.per.${plain(benefit.quota.per)}`),
          })
        : '',
      benefit.schedule || benefit.when ? t('summary.condition') : '',
    ].filter(Boolean),
  })
}

/** Which days, and which part of the members. */
import { Flex, Segmented, Select, Skeleton } from 'antd'
import dayjs from 'dayjs'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { between, lastDays, PRESETS, useAsked } from './asked'
import type { Overview } from './series'

const CUSTOM = 0
const ChosenDays = lazy(() => import('./ChosenDays'))

export function RangeBar({ overview }: { overview: Overview | undefined }) {
  const { t } = useTranslation('overview')
  const { asked, currency, choose } = useAsked()
  const span = overview?.span
  const currencies = overview?.currencies ?? []
  return (
    <Flex gap="small" wrap align="center">
      <Segmented
        aria-label={t('range.label')}
        value={asked.days ?? CUSTOM}
        onChange={(days) => {
          if (days !== CUSTOM) choose(lastDays(days))
          else if (span) choose(between(dayjs(span.from), dayjs(span.to)))
        }}
        options={[
          ...PRESETS.map((days) => ({ value: days, label: t(`range.last${days}`) })),
          { value: CUSTOM, label: t('range.custom') },
        ]}
      />
      {asked.days === undefined && (
        <Suspense fallback={<Skeleton.Input active />}>
          <ChosenDays asked={asked} choose={choose} />
        </Suspense>
      )}
      <Select
        aria-label={t('segment.label')}
        style={{ minWidth: 168 }}
        value={asked.segment ?? ''}
        onChange={(segment) => choose({ segment })}
        options={[
          { value: '', label: t('segment.all') },
          ...(overview?.segments ?? []).map((one) => ({ value: one.segment, label: one.name })),
        ]}
      />
      {currencies.length > 1 && (
        <Select
          aria-label={t('currency')}
          style={{ minWidth: 120 }}
          value={currency ?? currencies[0]?.currency}
          onChange={(next) => choose({ currency: next })}
          options={currencies.map((one) => ({ value: one.currency, label: one.name }))}
        />
      )}
    </Flex>
  )
}

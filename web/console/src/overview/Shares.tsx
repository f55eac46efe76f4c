/** How members are spread over the tiers, and which rules gave most. */
import { useFormats } from '@regulars/shared/formats'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../charts/Chart'
import { useChartColors } from '../charts/colors'
import type { Overview } from './series'

const MOST_RULES = 10
const ROW = 30

interface Props {
  overview: Overview | undefined
}

export function TierMix({ overview }: Props) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const colors = useChartColors()
  const tiers = useMemo(() => overview?.tiers ?? [], [overview])
  const total = tiers.reduce((sum, tier) => sum + (tier.members.now ?? 0), 0)
  const option = useMemo(
    () => ({
      tooltip: {
        trigger: 'item',
        valueFormatter: (value: unknown) => formats.count(Number(value)),
      },
      series: [
        {
          type: 'pie',
          radius: ['46%', '72%'],
          label: { formatter: '{b}\n{d} %', color: colors.text },
          data: tiers.map((tier) => ({ name: tier.name, value: tier.members.now })),
        },
      ],
    }),
    [tiers, colors, formats],
  )
  return (
    <Chart
      title={t('trend.tiers')}
      label={tiers
        .map((tier) => `${tier.name}: ${formats.count(tier.members.now ?? 0)}`)
        .join(', ')}
      csvName={`regulars-tiers-${overview?.span.to ?? ''}`}
      loading={!overview}
      empty={overview && total === 0 ? t('noTiers') : undefined}
      option={option}
      table={{
        columns: [
          { key: 'tier', title: t('tier') },
          { key: 'now', title: t('figure.members') },
          { key: 'share', title: t('share'), show: (value) => formats.share(Number(value)) },
          { key: 'before', title: t('beforeOf', { name: t('figure.members') }) },
        ],
        rows: tiers.map((tier) => ({
          tier: tier.name,
          now: tier.members.now,
          share: total ? Math.round(((tier.members.now ?? 0) / total) * 10_000) / 10_000 : 0,
          before: tier.members.before,
        })),
      }}
    />
  )
}

export function BusiestRules({ overview, currency }: Props & { currency: string }) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const colors = useChartColors()
  const rules = useMemo(
    () =>
      (overview?.rules ?? []).filter(
        (rule) => rule.currency === null || rule.currency === currency,
      ),
    [overview, currency],
  )
  const option = useMemo(() => {
    const shown = rules.slice(0, MOST_RULES).reverse()
    return {
      grid: { left: 8, right: 24, top: 32, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemHeight: 8 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: unknown) => formats.count(Number(value)),
      },
      xAxis: { type: 'value', axisLabel: { hideOverlap: true } },
      yAxis: {
        type: 'category',
        data: shown.map((rule) => rule.name),
        axisLabel: { width: 150, overflow: 'truncate' },
      },
      series: [
        {
          name: t('thisSpan'),
          type: 'bar',
          data: shown.map((rule) => rule.points.now),
          barMaxWidth: 12,
        },
        {
          name: t('before'),
          type: 'bar',
          data: shown.map((rule) => rule.points.before),
          barMaxWidth: 12,
          color: colors.before,
        },
      ],
    }
  }, [rules, colors, formats, t])
  const show = (value: unknown) => (typeof value === 'number' ? formats.count(value) : '—')
  return (
    <Chart
      title={t('trend.rules')}
      label={rules
        .slice(0, MOST_RULES)
        .map((rule) => `${rule.name}: ${formats.count(rule.points.now ?? 0)}`)
        .join(', ')}
      csvName={`regulars-rules-${overview?.span.from ?? ''}-${overview?.span.to ?? ''}`}
      loading={!overview}
      empty={overview && rules.length === 0 ? t('noRules') : undefined}
      height={Math.max(260, Math.min(rules.length, MOST_RULES) * ROW + 60)}
      option={option}
      table={{
        columns: [
          { key: 'rule', title: t('rule') },
          { key: 'points', title: t('points'), show },
          { key: 'before', title: t('beforeOf', { name: t('points') }), show },
          { key: 'events', title: t('events'), show },
        ],
        rows: rules.map((rule) => ({
          rule: rule.name,
          points: rule.points.now,
          before: rule.points.before,
          events: rule.events.now,
        })),
      }}
    />
  )
}

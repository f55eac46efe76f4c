/** What changes for members: how much for how many, and for whom. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../../charts/Chart'
import { useChartColors } from '../../charts/colors'
import { useTierName } from './Explanation'

type Change = Schemas['ChangeResult']

export function ChangeCharts({ change, simulation }: { change: Change; simulation: string }) {
  return (
    <>
      <Histogram change={change} simulation={simulation} />
      <Segments change={change} simulation={simulation} />
    </>
  )
}

function Histogram({ change, simulation }: { change: Change; simulation: string }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const colors = useChartColors()
  const bins = change.histogram
  const name = ({ from, until }: Change['histogram'][number]) => {
    if (from === null) return t('simulate.below', { points: formats.signed(until ?? 0) })
    if (until === null) return t('simulate.from', { points: formats.signed(from) })
    if (until === from + 1) return formats.signed(from)
    return t('simulate.between', {
      from: formats.signed(from),
      until: formats.signed(until - 1),
    })
  }
  const color = ({ from, until }: Change['histogram'][number]) => {
    if ((until ?? 1) <= 0 || from === null) return colors.bad
    return from > 0 ? colors.good : colors.before
  }
  return (
    <Chart
      title={t('simulate.histogram')}
      sub={t('simulate.histogramText')}
      csvName={`${simulation}-members`}
      table={{
        columns: [
          { key: 'change', title: t('simulate.change') },
          {
            key: 'members',
            title: t('simulate.members'),
            show: (value) => formats.count(Number(value)),
          },
        ],
        rows: bins.map((bin) => ({ change: name(bin), members: bin.members })),
      }}
      option={{
        tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
        grid: { left: 8, right: 8, bottom: 8, top: 24, containLabel: true },
        xAxis: { type: 'category', data: bins.map(name), axisLabel: { rotate: 40 } },
        yAxis: { type: 'value', name: t('simulate.members') },
        series: [
          {
            type: 'bar',
            name: t('simulate.members'),
            data: bins.map((bin) => ({ value: bin.members, itemStyle: { color: color(bin) } })),
          },
        ],
      }}
    />
  )
}

const KINDS = ['tier', 'tenure', 'recency', 'spend'] as const

function Segments({ change, simulation }: { change: Change; simulation: string }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const colors = useChartColors()
  const tier = useTierName()
  const [by, setBy] = useState<string>('tier')
  const found = change.segments.filter((one) => one.by === by)
  const name = (segment: string) =>
    by === 'tier'
      ? tier(segment)
      : t(`simulate.segments.${by}_${segment}`, {
          defaultValue: t(`simulate.segments.${by}`, { segment, defaultValue: segment }),
        })
  const parts = [
    { key: 'winners', color: colors.good },
    { key: 'unchanged', color: colors.before },
    { key: 'losers', color: colors.bad },
  ] as const
  const show = (value: unknown) => formats.count(Number(value))
  return (
    <Chart
      title={t('simulate.bySegment')}
      csvName={`${simulation}-segments-${by}`}
      height={Math.max(180, found.length * 36 + 60)}
      extra={
        <Select
          size="small"
          aria-label={t('simulate.segmentBy')}
          style={{ width: 170 }}
          value={by}
          onChange={setBy}
          options={KINDS.map((kind) => ({ value: kind, label: t(`simulate.by_${kind}`) }))}
        />
      }
      table={{
        columns: [
          { key: 'segment', title: t('simulate.segment') },
          { key: 'members', title: t('simulate.members'), show },
          ...parts.map(({ key }) => ({ key, title: t(`simulate.${key}`), show })),
          {
            key: 'change',
            title: t('simulate.change'),
            show: (value) => formats.signed(Number(value)),
          },
        ],
        rows: found.map((one) => ({
          segment: name(one.segment),
          members: one.members,
          winners: one.winners,
          unchanged: one.unchanged,
          losers: one.losers,
          change: one.change,
        })),
      }}
      option={{
        legend: { top: 0 },
        tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
        grid: { left: 8, right: 24, bottom: 8, top: 40, containLabel: true },
        xAxis: { type: 'value' },
        yAxis: { type: 'category', inverse: true, data: found.map((one) => name(one.segment)) },
        series: parts.map(({ key, color }) => ({
          type: 'bar',
          stack: 'members',
          name: t(`simulate.${key}`),
          itemStyle: { color },
          data: found.map((one) => one[key]),
        })),
      }}
    />
  )
}

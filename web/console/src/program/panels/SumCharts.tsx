/** Points by month and by rule, under both programs. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { Chart } from '../../charts/Chart'
import { useChartColors } from '../../charts/colors'
import type { TableOf } from '../../charts/csv'
import { inWords } from '../forms/context'
import type { Result } from './result'

interface Props {
  result: Result
  currency: string
  simulation: string
}

export function MonthsChart({ result, currency, simulation }: Props) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const colors = useChartColors()
  const months = result.months.filter((one) => one.currency === currency)
  const show = (value: unknown) => formats.count(Number(value))
  const table: TableOf = {
    columns: [
      { key: 'month', title: t('simulate.month') },
      ...(['now', 'then'] as const).flatMap((side) =>
        (['issued', 'redeemed', 'expired', 'outstanding'] as const).map((what) => ({
          key: `${side}_${what}`,
          title: `${t(`simulate.sums.${what}`)} (${t(`simulate.${side}`)})`,
          show,
        })),
      ),
    ],
    rows: months.map(({ month, in_force, draft }) => ({
      month: month.slice(0, 7),
      ...Object.fromEntries(Object.entries(in_force).map(([key, sum]) => [`now_${key}`, sum])),
      ...Object.fromEntries(Object.entries(draft).map(([key, sum]) => [`then_${key}`, sum])),
    })),
  }
  return (
    <Chart
      title={t('simulate.byMonth')}
      csvName={`${simulation}-months`}
      table={table}
      option={{
        legend: { top: 0 },
        tooltip: { trigger: 'axis' },
        grid: { left: 8, right: 8, bottom: 8, top: 56, containLabel: true },
        xAxis: { type: 'category', data: months.map((one) => one.month.slice(0, 7)) },
        yAxis: [
          { type: 'value', name: t('simulate.sums.issued') },
          { type: 'value', name: t('simulate.sums.outstanding'), splitLine: { show: false } },
        ],
        series: [
          {
            type: 'bar',
            name: `${t('simulate.sums.issued')} – ${t('simulate.now')}`,
            itemStyle: { color: colors.before },
            data: months.map((one) => one.in_force.issued),
          },
          {
            type: 'bar',
            name: `${t('simulate.sums.issued')} – ${t('simulate.then')}`,
            itemStyle: { color: colors.series[0] },
            data: months.map((one) => one.draft.issued),
          },
          {
            type: 'line',
            yAxisIndex: 1,
            name: `${t('simulate.sums.outstanding')} – ${t('simulate.now')}`,
            lineStyle: { type: 'dashed', color: colors.faint },
            itemStyle: { color: colors.faint },
            data: months.map((one) => one.in_force.outstanding),
          },
          {
            type: 'line',
            yAxisIndex: 1,
            name: `${t('simulate.sums.outstanding')} – ${t('simulate.then')}`,
            itemStyle: { color: colors.series[1] },
            data: months.map((one) => one.draft.outstanding),
          },
        ],
      }}
    />
  )
}

export function RulesChart({ result, currency, simulation }: Props) {
  const { t, i18n } = useTranslation('program')
  const formats = useFormats()
  const colors = useChartColors()
  const rules = result.rules.filter((one) => one.currency === currency)
  const names = rules.map((one) => inWords(one.name, i18n.language) || one.rule)
  const show = (value: unknown) => formats.count(Number(value ?? 0))
  return (
    <Chart
      title={t('simulate.byRule')}
      csvName={`${simulation}-rules`}
      height={Math.max(160, rules.length * 44 + 60)}
      table={{
        columns: [
          { key: 'rule', title: t('try.rule') },
          { key: 'now', title: t('simulate.now'), show },
          { key: 'then', title: t('simulate.then'), show },
          {
            key: 'difference',
            title: t('simulate.difference'),
            show: (value) => formats.signed(Number(value)),
          },
          { key: 'events', title: t('simulate.events'), show },
        ],
        rows: rules.map((one, at) => ({
          rule: names[at],
          now: one.in_force?.points,
          then: one.draft?.points,
          difference: (one.draft?.points ?? 0) - (one.in_force?.points ?? 0),
          events: one.draft?.events,
        })),
      }}
      option={{
        legend: { top: 0 },
        tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
        grid: { left: 8, right: 24, bottom: 8, top: 56, containLabel: true },
        xAxis: { type: 'value' },
        yAxis: {
          type: 'category',
          inverse: true,
          data: names,
          axisLabel: { width: 180, overflow: 'truncate' },
        },
        series: [
          {
            type: 'bar',
            name: t('simulate.now'),
            itemStyle: { color: colors.before },
            data: rules.map((one) => one.in_force?.points ?? 0),
          },
          {
            type: 'bar',
            name: t('simulate.then'),
            itemStyle: { color: colors.series[0] },
            data: rules.map((one) => one.draft?.points ?? 0),
          },
        ],
      }}
    />
  )
}

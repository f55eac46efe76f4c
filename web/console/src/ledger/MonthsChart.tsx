/** The liability month by month: bars in points, and a table that an accountant can take along. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../charts/Chart'
import { useChartColors } from '../charts/colors'
import type { Cell, TableOf } from '../charts/csv'
import { useMonths } from './months'

export type CurrencyMonths = Schemas['CurrencyMonthsAnswer']
type Line = CurrencyMonths['lines'][number]

export function MonthsChart({ of, asOf }: { of: CurrencyMonths; asOf: string }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const months = useMonths()
  const colors = useChartColors()
  const money = of.worth?.currency
  const name = (line: Line) => {
    if (line.kind !== 'lapsing') return t(`liability.kind.${line.kind}`)
    return line.month ? months(line.month) : t('liability.never')
  }
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemHeight: 8 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: unknown) =>
          typeof value === 'number' ? formats.count(value) : '—',
      },
      xAxis: { type: 'category', data: of.lines.map(name), axisLabel: { hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          name: t('account.available'),
          type: 'bar',
          stack: 'points',
          barMaxWidth: 40,
          color: colors.series[0],
          data: of.lines.map((line) => (line.kind === 'lapsing' ? line.available : line.points)),
        },
        {
          name: t('account.pending'),
          type: 'bar',
          stack: 'points',
          barMaxWidth: 40,
          color: colors.series[1],
          data: of.lines.map((line) => line.pending),
        },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the names follow t and months
    [of, colors, formats, t, months],
  )
  const minor = (value: Cell) =>
    typeof value === 'number' && money ? formats.money(value, money) : '—'
  const count = (value: Cell) => (typeof value === 'number' ? formats.count(value) : '')
  const table: TableOf = {
    columns: [
      { key: 'month', title: t('liability.lapsesIn') },
      { key: 'available', title: t('account.available'), show: count },
      { key: 'pending', title: t('account.pending'), show: count },
      { key: 'points', title: t('liability.points'), show: count },
      { key: 'expected', title: t('liability.expected'), show: count },
      {
        key: 'worth',
        title: money ? t('liability.worthIn', { money }) : t('liability.worth'),
        show: minor,
      },
    ],
    rows: [
      ...of.lines.map((line) => ({
        month: name(line),
        available: line.available,
        pending: line.pending,
        points: line.points,
        expected: line.expected,
        worth: line.worth?.amount ?? null,
      })),
      {
        month: t('liability.total'),
        available: null,
        pending: null,
        points: of.outstanding,
        expected: of.expected,
        worth: of.worth?.amount ?? null,
      },
    ],
  }
  return (
    <Chart
      title={t('liability.byMonth')}
      label={t('liability.byMonthLabel', { points: formats.count(of.outstanding) })}
      option={option}
      table={table}
      csvName={`liability-${of.currency}-${asOf.slice(0, 10)}`}
      empty={of.lines.length ? undefined : t('liability.nothing')}
    />
  )
}

/** What became of points: shares by how many months ago they came, and each month by itself. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { problemOf } from '@regulars/shared/problems'
import { Alert, Card, Flex, Skeleton, Table, Typography } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../charts/Chart'
import { useChartColors } from '../charts/colors'
import type { Cell, TableOf } from '../charts/csv'
import { ProblemAlert } from '../shell/ProblemAlert'
import { FATES, shareOf, type Step } from './fates'
import { useMonths } from './months'

type CurrencyBreakage = Schemas['CurrencyBreakageAnswer']

const ASK_AGAIN_MS = 3_000

export function Breakage({ currency, asOf }: { currency: string; asOf: string | undefined }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/liability/breakage',
    { params: { query: { as_of: asOf, months: 24 } } },
    {
      retry: false,
      refetchInterval: (query) => (isBegun(query.state.error) ? ASK_AGAIN_MS : false),
    },
  )
  if (isBegun(error)) return <Alert type="info" showIcon title={t('breakage.begun')} />
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  const found = data.currencies.find((one) => one.currency === currency)
  if (!found) return null
  return (
    <>
      <Curve of={found} at={formats.moment(data.as_of)} />
      <Cohorts of={found} />
    </>
  )
}

function isBegun(error: unknown): boolean {
  return error !== null && error !== undefined && problemOf(error).code === 'not_worked_out'
}

function Curve({ of, at }: { of: CurrencyBreakage; at: string }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const colors = useChartColors()
  const { series } = colors
  const fateColors = [series[0], series[1], series[3], series[2], colors.before]
  const share = (value: unknown) => (typeof value === 'number' ? formats.share(value) : '—')
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 32, bottom: 24, containLabel: true },
      legend: { top: 0, left: 0, itemHeight: 8, type: 'scroll' },
      tooltip: { trigger: 'axis', valueFormatter: share },
      xAxis: {
        type: 'category',
        data: of.curve.map((step) => step.months),
        name: t('breakage.monthsAfter'),
        nameLocation: 'middle',
        nameGap: 24,
      },
      yAxis: { type: 'value', min: 0, max: 1, axisLabel: { formatter: share } },
      series: FATES.map((fate, place) => ({
        name: t(`breakage.${fate}`),
        type: 'line',
        stack: 'all',
        areaStyle: { opacity: 0.55 },
        color: fateColors[place],
        data: of.curve.map((step) => shareOf(step, fate)),
      })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- share follows formats
    [of, colors, formats, t],
  )
  const table: TableOf = {
    columns: [
      { key: 'months', title: t('breakage.monthsAfter') },
      { key: 'issued', title: t('breakage.issued'), show: countOf(formats.count) },
      ...FATES.map((fate) => ({ key: fate, title: t(`breakage.${fate}`), show: share })),
    ],
    rows: of.curve.map((step) => ({
      months: step.months,
      issued: step.issued,
      ...Object.fromEntries(FATES.map((fate) => [fate, shareOf(step, fate)])),
    })),
  }
  return (
    <Chart
      title={t('breakage.title')}
      sub={
        <Typography.Paragraph type="secondary" style={{ marginBottom: 8 }}>
          {t('breakage.sub', {
            at,
            expired: formats.share(shareOf(of.total, 'expired')),
            expected: formats.share(of.expected_share),
          })}
        </Typography.Paragraph>
      }
      option={option}
      table={table}
      csvName={`breakage-${of.currency}`}
      empty={of.curve.length ? undefined : t('breakage.nothing')}
    />
  )
}

interface Row extends Step {
  month: string
}

function Cohorts({ of }: { of: CurrencyBreakage }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const months = useMonths()
  const rows = [...of.cohorts].reverse().flatMap((cohort): Row[] => {
    const last = cohort.steps.at(-1)
    return last ? [{ ...last, month: cohort.month }] : []
  })
  if (!rows.length) return null
  const cells = (step: Step) =>
    FATES.map((fate) => (
      <Flex vertical align="end" key={fate}>
        <span>{formats.count(step[fate])}</span>
        <Typography.Text type="secondary" style={{ fontSize: 12 }}>
          {formats.share(shareOf(step, fate))}
        </Typography.Text>
      </Flex>
    ))
  return (
    <Card size="small" title={t('breakage.cohorts')}>
      <Table<Row>
        size="small"
        rowKey="month"
        onHeaderRow={() => ({ tabIndex: 0 })}
        dataSource={rows}
        pagination={rows.length > 12 ? { pageSize: 12, size: 'small' } : false}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'month', title: t('breakage.cameIn'), render: (_, row) => months(row.month) },
          {
            key: 'issued',
            title: t('breakage.issued'),
            align: 'right',
            render: (_, row) => formats.count(row.issued),
          },
          ...FATES.map((fate, place) => ({
            key: fate,
            title: t(`breakage.${fate}`),
            align: 'right' as const,
            render: (_: unknown, row: Row) => cells(row)[place],
          })),
        ]}
        summary={() => (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0}>
              <strong>{t('breakage.ever')}</strong>
            </Table.Summary.Cell>
            <Table.Summary.Cell index={1} align="right">
              <strong>{formats.count(of.total.issued)}</strong>
            </Table.Summary.Cell>
            {cells(of.total).map((cell, place) => (
              <Table.Summary.Cell index={place + 2} align="right" key={FATES[place]}>
                {cell}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
      {of.held > 0 && (
        <Typography.Text type="secondary">
          {t('breakage.held', { points: formats.count(of.held) })}
        </Typography.Text>
      )}
    </Card>
  )
}

function countOf(count: (value: number) => string): (value: Cell) => string {
  return (value) => (typeof value === 'number' ? count(value) : '')
}

/** How a template does: given out, redeemed, sold with it; day by day. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Col, Flex, Row, Segmented, Statistic } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../charts/Chart'
import { useChartColors } from '../charts/colors'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'
import { unitsOf, type Template } from './terms'

const SPANS = ['7', '30', '90', '365'] as const
const BARS = ['issued', 'claimed', 'redeemed'] as const

export function FiguresCard({ template }: { template: Template }) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  const colors = useChartColors()
  const [span, setSpan] = useUrlState('span', '30')
  const since = useMemo(() => dayjs().subtract(Number(span), 'day').toISOString(), [span])
  const found = api.useQuery(
    'get',
    '/v1/coupon-templates/{template}/statistics',
    { params: { path: { template: template.template }, query: { since } } },
    { staleTime: 0 },
  )
  const told = found.data
  const days = told?.days ?? []
  const units = unitsOf(template.terms.currency)
  const option = {
    color: colors.series.slice(0, BARS.length),
    tooltip: { trigger: 'axis' },
    legend: { top: 0, textStyle: { color: colors.text } },
    grid: { left: 48, right: 16, top: 36, bottom: 28 },
    xAxis: { type: 'category', data: days.map((day) => day.day) },
    yAxis: { type: 'value', minInterval: 1 },
    series: BARS.map((name) => ({
      type: 'bar',
      barMaxWidth: 24,
      name: t(`figure.${name}`),
      data: days.map((day) => day[name]),
    })),
  }
  const sums = told?.figures
  return (
    <Flex vertical gap="middle">
      <Segmented
        aria-label={t('span')}
        value={span}
        onChange={setSpan}
        options={SPANS.map((one) => ({ value: one, label: t('lastDays', { count: Number(one) }) }))}
      />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {sums && (
        <Row gutter={[16, 16]}>
          {(['issued', 'claimed', 'reserved', 'redeemed'] as const).map((name) => (
            <Col key={name} xs={12} sm={6}>
              <Statistic title={t(`figure.${name}`)} value={formats.count(sums[name])} />
            </Col>
          ))}
          <Col xs={12} sm={6}>
            <Statistic title={t('figure.expired')} value={formats.count(told.expired)} />
          </Col>
          {(['discount', 'sales'] as const).map((name) => (
            <Col key={name} xs={12} sm={6}>
              <Statistic
                title={t(`figure.${name}`)}
                value={formats.money(sums[name], told.currency)}
              />
            </Col>
          ))}
        </Row>
      )}
      <Chart
        title={t('chart')}
        csvName={`coupons-${template.code}`}
        loading={found.isPending}
        empty={told && !days.length ? t('chartEmpty') : undefined}
        option={option}
        table={{
          columns: [
            { key: 'day', title: t('day') },
            ...BARS.map((name) => ({ key: name, title: t(`figure.${name}`) })),
            { key: 'discount', title: `${t('figure.discount')} (${template.terms.currency})` },
            { key: 'sales', title: `${t('figure.sales')} (${template.terms.currency})` },
          ],
          rows: days.map((day) => ({
            day: day.day,
            issued: day.issued,
            claimed: day.claimed,
            redeemed: day.redeemed,
            discount: day.discount / units,
            sales: day.sales / units,
          })),
        }}
      />
    </Flex>
  )
}

/** What the member has: balances, and the lots on a line of time to the day on which they lapse. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Col, Flex, Row, Segmented, Skeleton, Statistic, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../../charts/Chart'
import { useChartColors } from '../../charts/colors'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { lapsesByMonth } from './lapses'

type Balance = Schemas['BalanceAnswer']
type Lot = Schemas['OpenLotAnswer']

const LOTS = 200

export function Points({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const path = { path: { ref: member } }
  const [chosen, choose] = useState<string>()
  const balances = api.useQuery('get', '/v1/members/{ref}/balances', { params: path })
  const lots = api.useQuery('get', '/v1/members/{ref}/lots', {
    params: { ...path, query: { limit: LOTS } },
  })
  const spendable = (balances.data?.balances ?? []).filter((one) => one.kind === 'spendable')
  const currency = chosen ?? richest(spendable)?.currency
  const own = (lots.data?.items ?? []).filter((lot) => lot.currency === currency)
  return (
    <Flex vertical gap="middle">
      <ProblemAlert problem={balances.error} onRetry={() => void balances.refetch()} />
      {balances.isPending && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
      <Row gutter={[12, 12]}>
        {balances.data?.balances.map((one) => (
          <Col xs={24} sm={12} key={one.currency}>
            <BalanceCard balance={one} />
          </Col>
        ))}
      </Row>
      {spendable.length > 1 && currency && (
        <Segmented
          aria-label={t('points.currency')}
          style={{ alignSelf: 'flex-start' }}
          value={currency}
          onChange={choose}
          options={spendable.map((one) => one.currency)}
        />
      )}
      {currency && (
        <LotsChart
          lots={own}
          currency={currency}
          isPending={lots.isPending}
          isCut={lots.data?.next !== null && lots.data !== undefined}
        />
      )}
      <ProblemAlert problem={lots.error} onRetry={() => void lots.refetch()} />
    </Flex>
  )
}

function richest(balances: Balance[]): Balance | undefined {
  return [...balances].sort((one, other) => other.available - one.available)[0]
}

function BalanceCard({ balance }: { balance: Balance }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const more = (['pending', 'held', 'owed'] as const).filter((name) => balance[name] > 0)
  return (
    <Card size="small">
      <Statistic
        title={balance.currency}
        value={balance.available}
        formatter={(value) => formats.count(Number(value))}
      />
      {more.map((name) => (
        <div key={name}>
          <Typography.Text type="secondary">
            {t(`points.${name}`, { points: formats.count(balance[name]) })}
          </Typography.Text>
        </div>
      ))}
      {balance.next_lapse && (
        <Typography.Text type="secondary">
          {t('points.lapse', {
            points: formats.count(balance.next_lapse.amount),
            day: formats.day(balance.next_lapse.at),
          })}
        </Typography.Text>
      )}
    </Card>
  )
}

function LotsChart(props: { lots: Lot[]; currency: string; isPending: boolean; isCut: boolean }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const colors = useChartColors()
  const { lots, currency } = props
  const months = lapsesByMonth(lots, t('lots.never'))
  const when = (at: string | null) => (at ? formats.day(at) : t('lots.never'))
  return (
    <Chart
      title={t('lots.title', { currency })}
      label={t('lots.label', {
        currency,
        told: months.map((one) => `${one.label}: ${formats.count(one.points)}`).join(', '),
      })}
      csvName={`lots-${currency}`}
      height={200}
      loading={props.isPending}
      empty={lots.length ? undefined : t('lots.none', { currency })}
      sub={props.isCut && <Typography.Text type="secondary">{t('lots.cut')}</Typography.Text>}
      option={{
        grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
        tooltip: { trigger: 'axis' },
        xAxis: { type: 'category', data: months.map((one) => one.label) },
        yAxis: { type: 'value', minInterval: 1 },
        series: [
          {
            name: t('lots.lapsing'),
            type: 'bar',
            barMaxWidth: 32,
            stack: 'lots',
            color: colors.series[0],
            data: months.map((one) => one.available),
          },
          {
            name: t('lots.pending'),
            type: 'bar',
            barMaxWidth: 32,
            stack: 'lots',
            color: colors.series[1],
            data: months.map((one) => one.points - one.available),
          },
        ],
      }}
      table={{
        columns: [
          { key: 'lapses', title: t('lots.lapses'), show: (at) => when(at ? String(at) : null) },
          { key: 'remaining', title: t('lots.remaining') },
          { key: 'amount', title: t('lots.amount') },
          { key: 'earned', title: t('lots.earned'), show: (at) => when(String(at)) },
          { key: 'available', title: t('lots.from'), show: (at) => when(String(at)) },
          { key: 'lot', title: t('lots.lot') },
        ],
        rows: lots.map((lot) => ({
          lapses: lot.lapses_at,
          remaining: lot.remaining,
          amount: lot.amount,
          earned: lot.earned_at,
          available: lot.available_at,
          lot: lot.lot,
        })),
      }}
    />
  )
}

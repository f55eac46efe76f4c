/** What the cards amount to in the last days: held, begun, gone, tried, sold, paid back. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Segmented, Skeleton, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'

type CardFigures = Schemas['CardFiguresAnswer']

const DAYS = ['30', '90', '365'] as const
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MILLION = 1_000_000

export function Figures() {
  const { t } = useTranslation('memberships')
  const [days, setDays] = useUrlState('days', '30')
  // To the hour, so that the same question is asked of the same span.
  const [hour] = useState(() => Math.floor(Date.now() / HOUR_MS) * HOUR_MS)
  const since = new Date(hour - (Number(days) || 30) * DAY_MS).toISOString()
  const { data, error, refetch } = api.useQuery('get', '/v1/memberships/figures', {
    params: { query: { since } },
  })
  return (
    <Card
      title={t('figures.title')}
      styles={{ body: { padding: data?.cards.length ? 0 : undefined } }}
      extra={
        <Segmented
          aria-label={t('figures.span')}
          value={days}
          onChange={setDays}
          options={DAYS.map((one) => ({ value: one, label: t('figures.days', { n: one }) }))}
        />
      }
    >
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton active />}
      {data?.cards.length === 0 && <Nothing text={t('figures.none')} />}
      {data && data.cards.length > 0 && <Rows cards={data.cards} />}
    </Card>
  )
}

function Rows({ cards }: { cards: CardFigures[] }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const names = api.useQuery('get', '/v1/paid-cards')
  const named = (code: string) => names.data?.items.find((one) => one.card === code)?.name ?? code
  const count = (name: 'active' | 'trials' | 'in_grace' | 'begun' | 'renewals') => ({
    title: t(`figures.${name}`),
    align: 'right' as const,
    render: (_: unknown, one: CardFigures) => formats.count(one[name]),
  })
  return (
    <Table
      size="small"
      rowKey="card"
      dataSource={cards}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: t('field.card'), render: (_, one) => named(one.card) },
        count('active'),
        count('trials'),
        count('in_grace'),
        count('begun'),
        count('renewals'),
        {
          title: t('figures.kept'),
          align: 'right',
          render: (_, one) => (one.tried ? formats.share(one.kept / one.tried) : '–'),
        },
        {
          title: t('figures.churn'),
          align: 'right',
          render: (_, one) => (one.churn === null ? '–' : formats.share(one.churn / MILLION)),
        },
        {
          title: t('figures.sold'),
          align: 'right',
          render: (_, one) => formats.money(one.sold.amount, one.sold.currency),
        },
        {
          title: t('figures.refunded'),
          align: 'right',
          render: (_, one) => formats.money(one.refunded.amount, one.refunded.currency),
        },
      ]}
    />
  )
}

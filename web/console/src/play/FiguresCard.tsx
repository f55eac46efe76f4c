/** How a draw goes, looked at again every few seconds: each prize as it was rolled and given. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Statistic, Table } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { nameOf, type Draw } from './draws'

const LOOK_EVERY_MS = 5_000

export function FiguresCard({ draw }: { draw: Draw }) {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const found = api.useQuery(
    'get',
    '/v1/draws/{draw}/statistics',
    { params: { path: { draw: draw.draw } } },
    { refetchInterval: draw.is_open ? LOOK_EVERY_MS : false },
  )
  const data = found.data
  return (
    <Card title={t('figures.title')} loading={found.isPending}>
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {data && (
        <>
          <Flex gap="large" wrap style={{ marginBottom: 16 }}>
            <Statistic title={t('figures.turns')} value={formats.count(data.turns)} />
            <Statistic title={t('figures.members')} value={formats.count(data.members)} />
            <Statistic title={t('figures.taken')} value={formats.count(data.points_taken)} />
            {data.points_given.map((one) => (
              <Statistic
                key={one.currency}
                title={t('figures.given', { currency: one.currency })}
                value={formats.count(one.amount)}
              />
            ))}
          </Flex>
          <Table
            size="small"
            rowKey="prize"
            dataSource={data.prizes}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              { title: t('figures.prize'), render: (_, one) => nameOf(one.name, i18n.language) },
              {
                title: t('figures.promised'),
                render: (_, one) => formats.share(one.weight / draw.terms.out_of),
              },
              {
                title: t('figures.rolled'),
                render: (_, one) =>
                  data.turns
                    ? `${formats.count(one.rolled)} (${formats.share(one.rolled / data.turns)})`
                    : '0',
              },
              { title: t('figures.handed'), render: (_, one) => formats.count(one.given) },
              {
                title: t('figures.left'),
                render: (_, one) => (one.left === null ? '∞' : formats.count(one.left)),
              },
            ]}
          />
        </>
      )}
    </Card>
  )
}

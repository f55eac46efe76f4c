/** What a card has saved and what it has cost, also where it was not worth it. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Skeleton, Statistic, Table, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'

export function SavingsCard({ membership }: { membership: string }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const { data, error, refetch } = api.useQuery('get', '/v1/memberships/{membership}/savings', {
    params: { path: { membership } },
  })
  return (
    <Card title={t('savings.title')}>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton active />}
      {data && (
        <Flex vertical gap="middle">
          <Flex gap="large" wrap>
            <Statistic
              title={t('savings.saved')}
              value={formats.money(data.saved.amount, data.saved.currency)}
            />
            <Statistic
              title={t('savings.paid')}
              value={formats.money(data.paid.amount, data.paid.currency)}
            />
            <Statistic
              title={t('savings.net')}
              value={formats.money(data.net.amount, data.net.currency)}
            />
            <Statistic title={t('savings.orders')} value={formats.count(data.orders)} />
          </Flex>
          <Typography.Text type="secondary">{t('savings.note')}</Typography.Text>
          {data.benefits.length > 0 && (
            <Table
              size="small"
              rowKey="benefit"
              dataSource={data.benefits}
              pagination={false}
              columns={[
                { title: t('savings.benefit'), dataIndex: 'name' },
                {
                  title: t('savings.uses'),
                  align: 'right',
                  render: (_, one) => formats.count(one.uses),
                },
                {
                  title: t('savings.saved'),
                  align: 'right',
                  render: (_, one) => formats.money(one.saved.amount, one.saved.currency),
                },
              ]}
            />
          )}
        </Flex>
      )}
    </Card>
  )
}

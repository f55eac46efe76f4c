/** The paid cards of one member: those they hold or held, those they share, and selling one. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Skeleton, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { SellModal } from './SellModal'
import { StandingTag } from './standings'

export function CardsTab({ member }: { member: string }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const may = useMay()
  const [isSelling, sell] = useState(false)
  const { data, error, refetch } = api.useQuery('get', '/v1/members/{ref}/memberships', {
    params: { path: { ref: member } },
  })
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  const rows = [
    ...data.own.map((one) => ({ ...one.membership, isShared: false })),
    ...data.shared.map((one) => ({ ...one.membership, isShared: true })),
  ]
  return (
    <Card
      styles={{ body: { padding: rows.length ? 0 : undefined } }}
      title={t('tab.title')}
      extra={
        may('orders:write') && (
          <Button type="primary" onClick={() => sell(true)}>
            {t('sell.title')}
          </Button>
        )
      }
    >
      {!rows.length && <Nothing text={t('tab.none')} />}
      {rows.length > 0 && (
        <Table
          size="small"
          rowKey="membership"
          dataSource={rows}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('field.card'),
              render: (_, one) => (
                <Flex gap="small">
                  <Link to={`/cards/${one.membership}`}>{one.name}</Link>
                  {one.isShared && <Tag>{t('tab.shared')}</Tag>}
                </Flex>
              ),
            },
            {
              title: t('field.standing'),
              render: (_, one) => <StandingTag standing={one.standing} />,
            },
            { title: t('field.begun'), render: (_, one) => formats.day(one.begun_at) },
            { title: t('field.until'), render: (_, one) => formats.day(one.until) },
            {
              title: t('field.renews'),
              render: (_, one) => t(one.renews ? 'renews.yes' : 'renews.no'),
            },
          ]}
        />
      )}
      {isSelling && (
        <SellModal
          member={member}
          onDone={() => {
            sell(false)
            void refetch()
          }}
          onCancel={() => sell(false)}
        />
      )}
    </Card>
  )
}

/** Who works for which partner; each can be sent away again. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Popconfirm, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useActor } from '../shell/actors'
import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { usePartnersChanged } from './changed'

type Seat = Schemas['SeatAnswer']

export function Seats() {
  const { t } = useTranslation('partners')
  const formats = useFormats()
  const actor = useActor()
  const { message } = App.useApp()
  const changed = usePartnersChanged()
  const { data, error, isFetching, refetch } = api.useQuery('get', '/v1/partner-seats')
  const end = api.useMutation('put', '/v1/partner-seats/{actor}', {
    onSuccess: () => {
      void message.success(t('seat.ended'))
      changed()
    },
  })
  const named = (one: Seat) => (one.name ? `${one.name} (${one.actor})` : actor(one.actor))
  return (
    <Card size="small" title={t('seat.title')}>
      <ProblemAlert problem={error ?? end.error} onRetry={() => void refetch()} />
      <Table<Seat>
        size="small"
        rowKey="actor"
        loading={isFetching && { delay: 200 }}
        dataSource={data?.items ?? []}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: data ? <Nothing text={t('seat.none')} /> : ' ' }}
        columns={[
          { title: t('field.who'), render: (_, one) => named(one) },
          { title: t('field.partner'), dataIndex: 'partner' },
          {
            title: t('field.given'),
            render: (_, one) => `${actor(one.given_by)}, ${formats.day(one.given_at)}`,
          },
          {
            title: t('field.state'),
            render: (_, one) => <Tag>{t(one.is_open ? 'seat.open' : 'seat.closed')}</Tag>,
          },
          {
            title: '',
            render: (_, one) => (
              <Popconfirm
                title={t('seat.sure', { partner: one.partner })}
                description={
                  one.actor.startsWith('key:') ? (
                    <Link to="/imports/keys">{t('seat.key')}</Link>
                  ) : undefined
                }
                okText={t('seat.end')}
                cancelText={t('shared:cancel')}
                okButtonProps={{ danger: true }}
                onConfirm={() =>
                  end.mutate({
                    params: { path: { actor: one.actor } },
                    body: { partner: null },
                  })
                }
              >
                <Button size="small" danger aria-label={t('seat.endOf', { who: named(one) })}>
                  {t('seat.end')}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
    </Card>
  )
}

/** Where the member is signed in; a lost phone is signed out within a second. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Flex, Popconfirm, Skeleton, Table, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useDeed } from '../deeds/deed'

type Session = Schemas['SessionAnswer']

export function DevicesTab({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const formats = useFormats()
  const path = { ref: member }
  const { data, error, isPending, refetch } = api.useQuery('get', '/v1/members/{ref}/sessions', {
    params: { path },
  })
  const end = useDeed(
    (session: string | null) =>
      session === null
        ? told(client.DELETE('/v1/members/{ref}/sessions', { params: { path } }))
        : told(
            client.DELETE('/v1/members/{ref}/sessions/{session}', {
              params: { path: { ...path, session } },
            }),
          ),
    () => void message.success(t('devices.ended')),
  )
  if (isPending) return <Skeleton active paragraph={{ rows: 4 }} />
  if (!data) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data.items.length) return <Nothing text={t('devices.none')} />
  const columns: TableColumnsType<Session> = [
    { key: 'device', title: t('devices.device'), dataIndex: 'device' },
    { key: 'seen', title: t('devices.seen'), render: (_, one) => formats.ago(one.seen_at) },
    { key: 'since', title: t('devices.since'), render: (_, one) => formats.moment(one.created_at) },
    {
      key: 'end',
      title: '',
      align: 'right',
      render: (_, one) => (
        <Button size="small" loading={end.isPending} onClick={() => end.mutate(one.session)}>
          {t('devices.end')}
        </Button>
      ),
    },
  ]
  return (
    <Flex vertical gap="small">
      <Flex justify="end">
        <Popconfirm title={t('devices.allSure')} onConfirm={() => end.mutate(null)}>
          <Button danger>{t('devices.all')}</Button>
        </Popconfirm>
      </Flex>
      <ProblemAlert problem={end.error} />
      <Table<Session>
        size="small"
        rowKey="session"
        dataSource={data.items}
        columns={columns}
        pagination={false}
        scroll={{ x: 'max-content' }}
      />
    </Flex>
  )
}

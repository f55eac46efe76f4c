/** What the member has said yes and no to, as it counts now, and all that was said. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Descriptions, Flex, Skeleton, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'

import { useActor } from '../../shell/actors'
import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'

type Consent = Schemas['ConsentAnswer']

export function ConsentsTab({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const { data, error, isPending, refetch } = api.useQuery(
    'get',
    '/v1/members/{ref}/consents',
    { params: { path: { ref: member } } },
    { staleTime: Infinity },
  )
  const columns = useColumns()
  if (isPending) return <Skeleton active paragraph={{ rows: 4 }} />
  if (!data) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data.history.length) return <Nothing text={t('consents.none')} />
  return (
    <Flex vertical gap="middle">
      <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
        {t('consents.now')}
      </Typography.Title>
      <Table<Consent>
        size="small"
        rowKey={(one) => `${one.purpose}/${one.channel}`}
        dataSource={data.standing}
        columns={columns}
        expandable={{ expandedRowRender: (one) => <More consent={one} /> }}
        pagination={false}
        scroll={{ x: 'max-content' }}
      />
      <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
        {t('consents.history')}
      </Typography.Title>
      <Table<Consent>
        size="small"
        rowKey={(one) => JSON.stringify(one)}
        dataSource={[...data.history].reverse()}
        columns={columns}
        expandable={{ expandedRowRender: (one) => <More consent={one} /> }}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
      />
    </Flex>
  )
}

function More({ consent }: { consent: Consent }) {
  const { t } = useTranslation('members')
  const actor = useActor()
  const how = t(`how.${consent.how}`, { defaultValue: consent.how })
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: 'how', label: t('consents.how'), children: how },
        { key: 'text', label: t('consents.text'), children: consent.text_version },
        { key: 'by', label: t('consents.by'), children: actor(consent.recorded_by) },
      ]}
    />
  )
}

function useColumns(): TableColumnsType<Consent> {
  const { t } = useTranslation(['members', 'shared'])
  const formats = useFormats()
  return [
    { key: 'name', title: t('consents.purpose'), dataIndex: 'name' },
    {
      key: 'channel',
      title: t('consents.channel'),
      render: (_, one) => t(`channel.${one.channel}`, { defaultValue: one.channel }),
    },
    {
      key: 'granted',
      title: t('consents.said'),
      render: (_, one) => (
        <Tag color={one.granted ? 'success' : 'error'}>
          {one.granted ? t('shared:yes') : t('shared:no')}
        </Tag>
      ),
    },
    { key: 'at', title: t('consents.at'), render: (_, one) => formats.moment(one.said_at) },
  ]
}

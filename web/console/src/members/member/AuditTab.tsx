/** Who did what with this member, and why. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Descriptions, Table, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'

import { useActor } from '../../shell/actors'
import { Nothing } from '../../shell/Nothing'
import { Pager, useCursor } from '../../shell/Pager'
import { ProblemAlert } from '../../shell/ProblemAlert'

type Entry = Schemas['AuditEntryAnswer']

export function AuditTab({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const cursor = useCursor()
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/audit',
    { params: { query: { member, limit: 50, cursor } } },
    { placeholderData: keepPreviousData },
  )
  const actor = useActor()
  const columns: TableColumnsType<Entry> = [
    { key: 'at', title: t('audit.at'), render: (_, one) => formats.moment(one.at) },
    { key: 'actor', title: t('audit.actor'), render: (_, one) => actor(one.actor) },
    {
      key: 'action',
      title: t('audit.action'),
      render: (_, one) => <Typography.Text code>{one.action}</Typography.Text>,
    },
    { key: 'purpose', title: t('audit.purpose'), dataIndex: 'purpose' },
  ]
  return (
    <>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      <Table<Entry>
        size="small"
        rowKey="entry"
        loading={isFetching && { delay: 200 }}
        dataSource={data?.items ?? []}
        columns={columns}
        pagination={false}
        expandable={{ expandedRowRender: (one) => <Facts entry={one} /> }}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: isPending ? ' ' : <Nothing text={t('audit.none')} /> }}
      />
      <Pager next={data?.next} isOld={isPlaceholderData} />
    </>
  )
}

function Facts({ entry }: { entry: Entry }) {
  const { t } = useTranslation('members')
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: 'facts', label: t('audit.facts'), children: factsOf(entry.after) || '–' },
        { key: 'target', label: t('audit.target'), children: entry.target },
        { key: 'trace', label: t('audit.trace'), children: entry.trace || '–' },
      ]}
    />
  )
}

function factsOf(after: unknown): string {
  if (typeof after !== 'object' || after === null) return ''
  return Object.entries(after)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

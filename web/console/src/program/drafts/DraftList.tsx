/** All drafts, those that were changed last first. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Skeleton, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../../shell/Nothing'
import { Pager, useCursor } from '../../shell/Pager'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useActor } from '../../shell/actors'
import { NewDraft } from './NewDraft'

type Head = Schemas['DraftHeadAnswer']

export function DraftList() {
  const { t } = useTranslation('program')
  const may = useMay()
  const formats = useFormats()
  const who = useActor()
  const cursor = useCursor()
  const found = api.useQuery(
    'get',
    '/v1/drafts',
    { params: { query: { cursor, limit: 50 } } },
    { staleTime: 0 },
  )
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton active />
  if (!found.data.items.length)
    return <Nothing text={t('drafts.none')} action={may('program:draft') && <NewDraft />} />
  return (
    <>
      <Table<Head>
        size="small"
        rowKey="draft"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.data.items}
        columns={[
          {
            key: 'name',
            title: t('drafts.name'),
            render: (_, one) => <Link to={`/program/drafts/${one.draft}`}>{one.name}</Link>,
          },
          {
            key: 'base',
            title: t('drafts.base'),
            render: (_, one) =>
              one.base_version === null ? '–' : t('versions.one', { version: one.base_version }),
          },
          {
            key: 'changed',
            title: t('drafts.changed'),
            render: (_, one) => `${formats.ago(one.changed_at)} · ${who(one.changed_by)}`,
          },
          {
            key: 'state',
            title: t('drafts.state'),
            render: (_, one) =>
              one.is_published_as === null ? (
                <Tag>{t('drafts.open')}</Tag>
              ) : (
                <Tag color="success">{t('draft.published', { version: one.is_published_as })}</Tag>
              ),
          },
        ]}
      />
      <Pager next={found.data.next} />
    </>
  )
}

/** Files that were or are imported, and where to drop the next one. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Progress, Skeleton, Table, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { SourceTabs } from './SourceTabs'
import { isAtWork, StateTag, stillRejected, type Import } from './StateTag'
import { UploadCard } from './UploadCard'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'

const LOOK_EVERY_MS = 1500

export function Component() {
  const { t } = useTranslation('imports')
  const cursor = useCursor()
  const found = api.useQuery(
    'get',
    '/v1/imports',
    { params: { query: { limit: 20, cursor } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.items.some(isAtWork) ? LOOK_EVERY_MS : false),
    },
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} />
      <SourceTabs active="files" />
      <Flex vertical gap="middle">
        <UploadCard />
        <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
        <Card title={t('list.title')} styles={{ body: { padding: found.data ? 0 : 24 } }}>
          {!found.data && !found.error && <Skeleton active />}
          {found.data && !found.data.items.length && <Nothing text={t('list.none')} />}
          {found.data && found.data.items.length > 0 && <History items={found.data.items} />}
        </Card>
        <Pager next={found.data?.next} />
      </Flex>
    </>
  )
}

function History({ items }: { items: Import[] }) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  return (
    <Table
      size="middle"
      rowKey="id"
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('list.name'),
          render: (_, one) => <Link to={`/imports/${one.id}`}>{one.name || one.id}</Link>,
        },
        { title: t('list.state'), render: (_, one) => <StateCell file={one} /> },
        {
          title: t('counts.decided'),
          align: 'right',
          render: (_, one) => formats.count(one.decided),
        },
        {
          title: t('counts.rejected'),
          align: 'right',
          render: (_, one) =>
            stillRejected(one) ? (
              <Link to={`/imports/${one.id}?tab=rejected`}>
                {formats.count(stillRejected(one))}
              </Link>
            ) : (
              '0'
            ),
        },
        {
          title: t('list.sent'),
          render: (_, one) => (
            <Typography.Text title={formats.moment(one.created_at)}>
              {formats.ago(one.created_at)}
            </Typography.Text>
          ),
        },
      ]}
    />
  )
}

function StateCell({ file }: { file: Import }) {
  return (
    <Flex gap="small" align="center">
      <StateTag state={file.state} />
      {isAtWork(file) && (
        <Progress
          percent={Math.floor(file.share * 100)}
          size="small"
          style={{ width: 96 }}
          aria-label={file.name}
        />
      )}
    </Flex>
  )
}

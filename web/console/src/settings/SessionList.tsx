/** Sessions that go on, each with a way to end it. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Skeleton, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'

interface Props {
  sessions: Schemas['SessionAnswer'][] | undefined
  problem: unknown
  isBusy: boolean
  onEnd: (session: string) => void
}

export function SessionList({ sessions, problem, isBusy, onEnd }: Props) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  if (problem) return <ProblemAlert problem={problem} />
  if (!sessions) return <Skeleton active style={{ padding: 24 }} />
  return (
    <Table
      size="middle"
      rowKey="session"
      dataSource={sessions}
      pagination={false}
      locale={{ emptyText: t('sessions.none') }}
      columns={[
        {
          title: t('sessions.device'),
          render: (_, one) => (
            <>
              {one.device || t('sessions.unknown')}{' '}
              {one.current && <Tag color="processing">{t('sessions.current')}</Tag>}
            </>
          ),
        },
        {
          title: t('sessions.since'),
          responsive: ['md'],
          render: (_, one) => formats.moment(one.created_at),
        },
        { title: t('sessions.seen'), render: (_, one) => formats.ago(one.seen_at) },
        {
          title: '',
          align: 'right',
          render: (_, one) =>
            !one.current && (
              <Button size="small" disabled={isBusy} onClick={() => onEnd(one.session)}>
                {t('sessions.end')}
              </Button>
            ),
        },
      ]}
    />
  )
}

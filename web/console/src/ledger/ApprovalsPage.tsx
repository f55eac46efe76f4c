/** What waits for a second person: what it would do, how long it has waited, and the decision. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Segmented, Skeleton, Space, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { useActor } from '../shell/actors'
import { ApprovalDeed, type Approval } from './ApprovalDeed'
import { DecisionModal, type Decision } from './DecisionModal'

const PAGE = 20
const COLORS: Record<string, string> = {
  waiting: 'processing',
  approved: 'success',
  done: 'success',
  refused: 'error',
}

export function Component() {
  const { t } = useTranslation('ledger')
  const [state, setState] = useUrlState('state', 'waiting')
  const [asked, ask] = useState<{ approval: Approval; decision: Decision }>()
  const cursor = useCursor()
  const list = api.useQuery('get', '/v1/approvals', {
    params: { query: { state: state === 'all' ? 'all' : 'waiting', limit: PAGE, cursor } },
  })
  const items = list.data?.items
  return (
    <Flex vertical gap={12}>
      <div>
        <Segmented
          aria-label={t('approvals.which')}
          value={state}
          onChange={setState}
          options={[
            { value: 'waiting', label: t('approvals.waiting') },
            { value: 'all', label: t('approvals.all') },
          ]}
        />
      </div>
      <ProblemAlert problem={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Skeleton active />}
      {items?.length === 0 && (
        <Nothing text={t(state === 'all' ? 'approvals.never' : 'approvals.none')} />
      )}
      {items?.map((one) => (
        <One
          key={one.approval}
          of={one}
          onDecide={(decision) => ask({ approval: one, decision })}
        />
      ))}
      <Pager next={list.data?.next} />
      {asked && (
        <DecisionModal
          approval={asked.approval}
          decision={asked.decision}
          onDone={() => {
            ask(undefined)
            void list.refetch()
          }}
          onCancel={() => ask(undefined)}
        />
      )}
    </Flex>
  )
}

function One({ of, onDecide }: { of: Approval; onDecide: (decision: Decision) => void }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const actor = useActor()
  const may = useMay()
  const isWaiting = of.state === 'waiting'
  return (
    <Card
      size="small"
      title={
        <Space wrap>
          {t(`approvals.deed.${of.deed}`, { defaultValue: of.deed })}
          <Tag color={COLORS[of.state] ?? 'default'}>{t(`approvals.state.${of.state}`)}</Tag>
        </Space>
      }
      extra={<Typography.Text type="secondary">{formats.ago(of.requested_at)}</Typography.Text>}
    >
      <Flex vertical gap="small">
        <ApprovalDeed of={of} />
        {of.reason && (
          <Typography.Paragraph style={{ margin: 0 }}>“{of.reason}”</Typography.Paragraph>
        )}
        <Typography.Text type="secondary">
          {t('approvals.askedBy', {
            who: actor(of.requested_by),
            when: formats.moment(of.requested_at),
          })}
          {isWaiting && ` · ${t('approvals.until', { when: formats.moment(of.expires_at) })}`}
          {of.decided_by &&
            of.decided_at &&
            ` · ${t('approvals.decidedBy', {
              who: actor(of.decided_by),
              when: formats.moment(of.decided_at),
            })}`}
          {of.note && ` · “${of.note}”`}
        </Typography.Text>
        {isWaiting && (
          <Space wrap>
            {may('approvals:decide') && (
              <>
                <Button type="primary" size="small" onClick={() => onDecide('approve')}>
                  {t('approvals.approve')}
                </Button>
                <Button danger size="small" onClick={() => onDecide('refuse')}>
                  {t('approvals.refuse')}
                </Button>
              </>
            )}
            <Button type="text" size="small" onClick={() => onDecide('withdraw')}>
              {t('approvals.withdraw')}
            </Button>
          </Space>
        )}
      </Flex>
    </Card>
  )
}

/** Whether the books are right: the last proof, one more now, and what was found. */
import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import {
  Alert,
  Button,
  Card,
  Collapse,
  Flex,
  Progress,
  Skeleton,
  Table,
  Tag,
  Typography,
} from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useActor } from '../shell/actors'
import { Claims } from './Claims'

type Verification = NonNullable<ReturnType<typeof useList>['data']>['items'][number]

const WATCH_MS = 1_000

function useList() {
  return api.useQuery(
    'get',
    '/v1/verifications',
    { params: { query: { limit: 20 } } },
    {
      refetchInterval: (query) =>
        query.state.data?.items.some((one) => isOpen(one.state)) ? WATCH_MS : false,
    },
  )
}

export function Component() {
  const { t } = useTranslation('ledger')
  const list = useList()
  const items = list.data?.items ?? []
  const running = items.find((one) => isOpen(one.state))
  const last = items.find((one) => one.state === 'done')
  return (
    <Flex vertical gap={12}>
      <Start isRunning={running !== undefined} onStarted={() => void list.refetch()} />
      <ProblemAlert problem={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Skeleton active />}
      {running && <Running of={running} />}
      {last && <Verdict of={last} />}
      {list.data && !items.length && <Nothing text={t('verification.never')} />}
      {items.length > 0 && <History items={items} />}
    </Flex>
  )
}

function Start({ isRunning, onStarted }: { isRunning: boolean; onStarted: () => void }) {
  const { t } = useTranslation('ledger')
  const may = useMay()
  const start = api.useMutation('post', '/v1/verifications', { onSuccess: onStarted })
  return (
    <Flex vertical gap="small" align="start">
      <Typography.Paragraph style={{ margin: 0, maxWidth: 720 }}>
        {t('verification.what')}
      </Typography.Paragraph>
      <Button
        type="primary"
        disabled={!may('ledger:verify') || isRunning}
        title={may('ledger:verify') ? undefined : t('verification.mayNot')}
        loading={start.isPending}
        onClick={() => start.mutate({ body: { replay: true } })}
      >
        {t('verification.now')}
      </Button>
      <ProblemAlert problem={start.error} />
    </Flex>
  )
}

function Running({ of }: { of: Verification }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const { done, total } = of.progress
  const percent = total > 0 ? Math.floor((done / total) * 100) : 0
  const said =
    of.state === 'waiting'
      ? t('verification.waiting')
      : total > 0
        ? t('verification.replaying', { done: formats.count(done), total: formats.count(total) })
        : t('verification.asking')
  return (
    <Card size="small" role="status" aria-live="polite">
      <Typography.Text>{said}</Typography.Text>
      <Progress percent={percent} status="active" aria-label={t('verification.progress')} />
    </Card>
  )
}

function Verdict({ of }: { of: Verification }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const { result } = of
  if (!result) return null
  const broken = result.proofs.filter((one) => one.offenders.length > 0)
  return (
    <>
      <Alert
        type={result.clean ? 'success' : 'error'}
        showIcon
        role={result.clean ? 'status' : 'alert'}
        title={t(result.clean ? 'verification.clean' : 'verification.broken')}
        description={
          <>
            {of.ended_at &&
              t('verification.lastRun', {
                ago: formats.ago(of.ended_at),
                at: formats.moment(of.ended_at),
              })}{' '}
            {of.replay
              ? t('verification.coverage', {
                  replayed: formats.count(result.replayed),
                  events: formats.count(result.events),
                })
              : t('verification.withoutReplay')}
            {!result.clean && <p style={{ margin: '8px 0 0' }}>{t('verification.whatToDo')}</p>}
          </>
        }
      />
      <Claims proofs={result.proofs} isOpen={broken.length > 0} />
      <Collapse
        size="small"
        items={[
          { key: 'sums', label: t('verification.sums'), children: <Sums of={result.sums} /> },
        ]}
      />
    </>
  )
}

function Sums({ of }: { of: NonNullable<Verification['result']>['sums'] }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const rows = of.map((row) => {
    const [currency, account, points] = row
    return { key: row.join(' '), currency, account, points }
  })
  return (
    <Table
      size="small"
      pagination={false}
      dataSource={rows}
      columns={[
        { key: 'currency', title: t('filter.currency'), dataIndex: 'currency' },
        {
          key: 'account',
          title: t('filter.account'),
          render: (_, row) => t(`account.${String(row.account)}`),
        },
        {
          key: 'points',
          title: t('liability.points'),
          align: 'right',
          render: (_, row) => formats.count(Number(row.points)),
        },
      ]}
    />
  )
}

function History({ items }: { items: Verification[] }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const actor = useActor()
  return (
    <Card size="small" title={t('verification.history')}>
      <Table<Verification>
        size="small"
        rowKey="verification"
        onHeaderRow={() => ({ tabIndex: 0 })}
        dataSource={items}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'asked',
            title: t('run.asked'),
            render: (_, one) => formats.moment(one.asked_at),
          },
          { key: 'by', title: t('run.by'), render: (_, one) => actor(one.by) },
          { key: 'state', title: t('run.state'), render: (_, one) => <Outcome of={one} /> },
          {
            key: 'replayed',
            title: t('verification.replayed'),
            align: 'right',
            render: (_, one) => (one.result ? formats.count(one.result.replayed) : ''),
          },
        ]}
      />
    </Card>
  )
}

function Outcome({ of }: { of: Verification }) {
  const { t } = useTranslation('ledger')
  if (of.state !== 'done') return <Tag>{t(`state.${of.state}`)}</Tag>
  return of.result?.clean ? (
    <Tag color="success" icon={<CheckCircleOutlined />}>
      {t('verification.isClean')}
    </Tag>
  ) : (
    <Tag color="error" icon={<CloseCircleOutlined />}>
      {t('verification.isBroken')}
    </Tag>
  )
}

function isOpen(state: string): boolean {
  return state === 'waiting' || state === 'running'
}

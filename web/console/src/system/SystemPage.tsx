/** How the system is, and what to do something about. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Card, Flex, Progress, Skeleton, Statistic, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { bytesOf } from '../shell/sizes'

type System = Schemas['SystemAnswer']

const LOOK_EVERY_MS = 10_000
const GRID = {
  display: 'grid',
  gap: 12,
  gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
  alignItems: 'start',
} as const
const TYPES = { error: 'error', warning: 'warning', note: 'info' } as const

export function Component() {
  const { t } = useTranslation('system')
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/system',
    {},
    {
      refetchInterval: LOOK_EVERY_MS,
    },
  )
  return (
    <>
      <PageHead
        title={t('title')}
        sub={data && t('sub', { version: data.version, python: data.python })}
      />
      <Flex vertical gap={12}>
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!data && !error && <Skeleton active />}
        {data && <Warnings of={data} />}
        {data && (
          <div style={GRID}>
            <Worker of={data} />
            <Waiting of={data} />
            <Intake of={data} />
            <Room of={data} />
            <Database of={data} />
            <Configured of={data} />
          </div>
        )}
      </Flex>
    </>
  )
}

function Warnings({ of }: { of: System }) {
  const { t } = useTranslation('system')
  if (!of.warnings.length) return <Alert type="success" showIcon title={t('allWell')} />
  return of.warnings.map((one) => (
    <Alert key={one.code} type={TYPES[one.severity]} showIcon title={one.words} />
  ))
}

interface Fact {
  label: string
  value: string
}

function Facts({ title, facts }: { title: string; facts: Fact[] }) {
  return (
    <Card size="small" title={title}>
      <dl style={{ margin: 0 }}>
        {facts.map(({ label, value }) => (
          <Flex key={label} justify="space-between" gap={12} style={{ padding: '3px 0' }}>
            <dt>
              <Typography.Text type="secondary">{label}</Typography.Text>
            </dt>
            <dd style={{ margin: 0, textAlign: 'right' }}>{value}</dd>
          </Flex>
        ))}
      </dl>
    </Card>
  )
}

function Worker({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const formats = useFormats()
  const { looked_at: lookedAt, took_ms: took } = of.worker
  return (
    <Facts
      title={t('worker.title')}
      facts={[
        { label: t('worker.looked'), value: lookedAt ? formats.ago(lookedAt) : t('worker.never') },
        { label: t('worker.took'), value: took === null ? '—' : `${formats.count(took)} ms` },
        {
          label: t('worker.due'),
          value: of.waiting.due_since
            ? t('worker.dueSince', {
                count: of.waiting.due,
                since: formats.ago(of.waiting.due_since),
              })
            : t('worker.nothingDue'),
        },
        {
          label: t('worker.verified'),
          value: of.verified_at
            ? `${formats.ago(of.verified_at)} · ${t(of.books_clean ? 'worker.clean' : 'worker.broken')}`
            : t('worker.never'),
        },
      ]}
    />
  )
}

function Waiting({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const formats = useFormats()
  const { waiting } = of
  return (
    <Facts
      title={t('waiting.title')}
      facts={[
        { label: t('waiting.events'), value: formats.count(waiting.events) },
        {
          label: t('waiting.letters'),
          value: waiting.letters_since
            ? t('waiting.lettersSince', {
                count: waiting.letters,
                tried: waiting.letters_tried,
                since: formats.ago(waiting.letters_since),
              })
            : '0',
        },
        { label: t('waiting.returns'), value: formats.count(waiting.returns) },
        { label: t('waiting.verifications'), value: formats.count(waiting.verifications) },
        { label: t('waiting.exports'), value: formats.count(waiting.exports) },
      ]}
    />
  )
}

function Intake({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const formats = useFormats()
  const { lately, up_seconds: up } = of.process
  const since = new Date(new Date(of.now).getTime() - up * 1000)
  return (
    <Card size="small" title={t('intake.title')}>
      <Flex gap="large" wrap>
        <Statistic title={t('intake.rate')} value={lately.events_a_second.toFixed(1)} />
        <Statistic title={t('intake.median')} value={`${lately.median_ms.toFixed(0)} ms`} />
        <Statistic title={t('intake.p95')} value={`${lately.p95_ms.toFixed(0)} ms`} />
      </Flex>
      <Typography.Text type="secondary">
        {t('intake.since', { since: formats.ago(since) })}
      </Typography.Text>
    </Card>
  )
}

function Room({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const formats = useFormats()
  const { room } = of
  if (!room) return null
  const used = Math.round(((room.total - room.free) / room.total) * 100)
  return (
    <Card size="small" title={t('room.title')}>
      <Progress
        percent={used}
        status={used > 95 ? 'exception' : 'normal'}
        aria-label={t('room.title')}
      />
      <Typography.Text type="secondary">
        {t('room.free', {
          free: bytesOf(room.free, formats.count),
          total: bytesOf(room.total, formats.count),
        })}
      </Typography.Text>
    </Card>
  )
}

function Database({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const formats = useFormats()
  const { database } = of
  return (
    <Card
      size="small"
      title={t('database.title')}
      extra={<Tag>{t(database.embedded ? 'database.embedded' : 'database.external')}</Tag>}
    >
      <Typography.Paragraph>
        PostgreSQL {database.version} · {bytesOf(database.bytes, formats.count)} ·{' '}
        {t('database.connections', {
          used: database.connections,
          most: database.most_connections,
        })}
      </Typography.Paragraph>
      <Typography.Paragraph type="secondary">
        {database.migration ?? '—'}
        {database.migrated_at && ` · ${formats.day(database.migrated_at)}`}
      </Typography.Paragraph>
      <Table
        size="small"
        rowKey="table"
        pagination={false}
        dataSource={database.tables}
        columns={[
          { key: 'table', title: t('database.table'), dataIndex: 'table' },
          {
            key: 'bytes',
            title: t('database.size'),
            align: 'right',
            render: (_, one) => bytesOf(one.bytes, formats.count),
          },
          {
            key: 'rows',
            title: t('database.rows'),
            align: 'right',
            render: (_, one) => formats.count(one.rows),
          },
        ]}
      />
    </Card>
  )
}

function Configured({ of }: { of: System }) {
  const { t } = useTranslation('system')
  const said = (is: boolean) => t(is ? 'configured.yes' : 'configured.no')
  const { configured } = of
  return (
    <Facts
      title={t('configured.title')}
      facts={[
        { label: t('configured.tls'), value: said(configured.tls) },
        { label: t('configured.mail'), value: said(configured.mail) },
        { label: t('configured.sms'), value: said(configured.sms) },
        { label: t('configured.keys'), value: said(configured.key_service) },
        { label: t('configured.role'), value: said(configured.second_role) },
      ]}
    />
  )
}

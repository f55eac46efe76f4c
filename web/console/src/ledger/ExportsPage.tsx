/** Records to take along: made beside the server, fetched when they are done. */
import { DownloadOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Form, Progress, Select, Table, Tag, Tooltip, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useActor } from '../shell/actors'
import { bytesOf } from '../shell/sizes'

type Export = Schemas['ExportAnswer']
type Wanted = Schemas['ExportIn']

const WATCH_MS = 1_000
const PAGE = 20
const KINDS: Wanted['what'][] = ['transfers', 'lots', 'events', 'members', 'cloudevents']
const FORMS: NonNullable<Wanted['form']>[] = ['csv', 'ndjson', 'parquet']

export function Component() {
  const { t } = useTranslation('ledger')
  const cursor = useCursor()
  const list = api.useQuery(
    'get',
    '/v1/exports',
    { params: { query: { limit: PAGE, cursor } } },
    { refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? WATCH_MS : false) },
  )
  return (
    <Flex vertical gap={12}>
      <Make onMade={() => void list.refetch()} />
      <ProblemAlert problem={list.error} onRetry={() => void list.refetch()} />
      {!list.error && <List items={list.data?.items} isLoading={list.isPending} />}
      <Pager next={list.data?.next} />
      <Typography.Text type="secondary">{t('exports.kept')}</Typography.Text>
    </Flex>
  )
}

function Make({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation('ledger')
  const make = api.useMutation('post', '/v1/exports', { onSuccess: onMade })
  const [form] = Form.useForm<{ what: Wanted['what']; form: Wanted['form'] }>()
  const what = Form.useWatch<Wanted['what'] | undefined>('what', form) ?? 'transfers'
  return (
    <Card size="small">
      <Form
        form={form}
        layout="inline"
        style={{ rowGap: 8 }}
        initialValues={{ what: 'transfers', form: 'csv' }}
        onFinish={(body) => make.mutate({ body })}
      >
        <Form.Item name="what" label={t('exports.what')}>
          <Select
            style={{ minWidth: 180 }}
            options={KINDS.map((kind) => ({ value: kind, label: t(`exports.kind.${kind}`) }))}
          />
        </Form.Item>
        <Form.Item name="form" label={t('exports.form')}>
          <Select
            style={{ minWidth: 160 }}
            options={FORMS.map((one) => ({ value: one, label: t(`form.${one}`) }))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={make.isPending}>
          {t('exports.make')}
        </Button>
      </Form>
      <Typography.Paragraph type="secondary" style={{ margin: '8px 0 0' }}>
        {t(`exports.about.${what}`)}
      </Typography.Paragraph>
      <ProblemAlert problem={make.error} />
    </Card>
  )
}

function List({ items, isLoading }: { items: Export[] | undefined; isLoading: boolean }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const actor = useActor()
  return (
    <Table<Export>
      size="small"
      rowKey="export"
      onHeaderRow={() => ({ tabIndex: 0 })}
      loading={isLoading}
      dataSource={items ?? []}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: isLoading ? ' ' : <Nothing text={t('exports.none')} /> }}
      columns={[
        {
          key: 'what',
          title: t('exports.what'),
          render: (_, one) => t(`exports.kind.${one.what}`),
        },
        { key: 'form', title: t('exports.form'), render: (_, one) => t(`form.${one.form}`) },
        { key: 'asked', title: t('run.asked'), render: (_, one) => formats.moment(one.asked_at) },
        { key: 'by', title: t('run.by'), render: (_, one) => actor(one.by) },
        { key: 'state', title: t('run.state'), render: (_, one) => <State of={one} /> },
        {
          key: 'size',
          title: t('exports.size'),
          align: 'right',
          render: (_, one) =>
            one.result &&
            t('exports.records', {
              records: formats.count(one.result.records),
              size: bytesOf(one.result.bytes, formats.count),
            }),
        },
        { key: 'file', title: t('exports.file'), render: (_, one) => <File of={one} /> },
      ]}
    />
  )
}

function State({ of }: { of: Export }) {
  const { t } = useTranslation('ledger')
  const { done, total } = of.progress
  if (of.state === 'running')
    return (
      <Progress
        percent={total > 0 ? Math.min(Math.floor((done / total) * 100), 99) : 0}
        size="small"
        status="active"
        style={{ width: 140 }}
        aria-label={t('verification.progress')}
      />
    )
  const color = { waiting: 'default', done: 'success', failed: 'error' }[of.state]
  return (
    <Tooltip title={of.refusal}>
      <Tag color={color}>{t(`state.${of.state}`)}</Tag>
    </Tooltip>
  )
}

function File({ of }: { of: Export }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  if (of.state !== 'done' || !of.expires_at) return null
  if (new Date(of.expires_at) <= new Date())
    return <Typography.Text type="secondary">{t('exports.gone')}</Typography.Text>
  return (
    <Button
      size="small"
      icon={<DownloadOutlined />}
      href={`/v1/exports/${of.export}/file`}
      download
      title={t('exports.until', { when: formats.moment(of.expires_at) })}
    >
      {t('shared:download')}
    </Button>
  )
}

function isOpen(one: Export): boolean {
  return one.state === 'waiting' || one.state === 'running'
}

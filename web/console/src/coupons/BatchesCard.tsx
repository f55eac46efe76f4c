/** Codes in bulk: asked for, followed while they are made, downloaded, frozen, revoked. */
import { DownloadOutlined } from '@ant-design/icons'
import { api, client, deedKey, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Flex, Form, Input, InputNumber, Progress, Space, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import type { Batch, Template } from './terms'

const LOOK_EVERY_MS = 1_000

export function BatchesCard({ template }: { template: Template }) {
  const may = useMay()
  const found = api.useQuery(
    'get',
    '/v1/coupon-templates/{template}/batches',
    { params: { path: { template: template.template } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) =>
        state.data?.items.some((one) => isMade(one)) ? LOOK_EVERY_MS : false,
    },
  )
  const again = () => void found.refetch()
  return (
    <Flex vertical gap="middle">
      {may('offers:write') && template.state !== 'ended' && (
        <Asked template={template} onAsked={again} />
      )}
      <ProblemAlert problem={found.error} onRetry={again} />
      <Batches items={found.data?.items} onChanged={again} />
    </Flex>
  )
}

function isMade(one: Batch): boolean {
  return one.run === 'waiting' || one.run === 'running'
}

function Asked({ template, onAsked }: { template: Template; onAsked: () => void }) {
  const { t } = useTranslation('coupons')
  const [form] = Form.useForm<{ count: number; note?: string }>()
  const [key, setKey] = useState(deedKey)
  const ask = useMutation({
    mutationFn: ({ count, note = '' }: { count: number; note?: string }) =>
      told(
        client.POST('/v1/coupon-templates/{template}/batches', {
          params: {
            path: { template: template.template },
            header: { 'idempotency-key': key },
          },
          body: { count, note },
        }),
      ),
    onSuccess: () => {
      setKey(deedKey())
      form.resetFields()
      onAsked()
    },
  })
  return (
    <>
      <Form form={form} layout="inline" onFinish={(values) => ask.mutate(values)}>
        <Form.Item
          name="count"
          label={t('batch.count')}
          rules={[{ required: true, message: t('needed') }]}
        >
          <InputNumber min={1} max={5_000_000} precision={0} style={{ width: 140 }} />
        </Form.Item>
        <Form.Item name="note" label={t('batch.note')}>
          <Input maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {t('batch.make')}
        </Button>
      </Form>
      <ProblemAlert problem={ask.error} />
    </>
  )
}

function Batches({ items, onChanged }: { items?: Batch[]; onChanged: () => void }) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  const may = useMay()
  if (items && !items.length) return <Nothing text={t('batch.none')} />
  return (
    <Table<Batch>
      size="small"
      rowKey="batch"
      loading={!items}
      dataSource={items ?? []}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: t('batch.made'), render: (_, one) => formats.moment(one.made_at) },
        { title: t('batch.note'), dataIndex: 'note' },
        { title: t('batch.count'), align: 'right', render: (_, one) => formats.count(one.count) },
        {
          title: t('state'),
          render: (_, one) => (
            <Tag>{t(`held.${one.state as 'active' | 'frozen' | 'revoked'}`)}</Tag>
          ),
        },
        {
          title: t('batch.progress'),
          render: (_, one) =>
            one.made < one.count ? (
              <Progress
                style={{ width: 140 }}
                aria-label={t('batch.progress')}
                percent={Math.floor((one.made / one.count) * 100)}
                status={one.run === 'failed' ? 'exception' : 'active'}
              />
            ) : may('offers:write') ? (
              <Button
                size="small"
                icon={<DownloadOutlined />}
                href={`/v1/coupon-batches/${one.batch}/codes`}
              >
                {t('shared:download')}
              </Button>
            ) : null,
        },
        {
          render: (_, one) =>
            may('offers:write') && one.state !== 'revoked' ? (
              <BatchMoves batch={one} onMoved={onChanged} />
            ) : null,
        },
      ]}
    />
  )
}

type Next = Schemas['CouponBatchMoveIn']['state']

function BatchMoves({ batch, onMoved }: { batch: Batch; onMoved: () => void }) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Next>()
  const move = useMutation({
    mutationFn: ({ state, reason }: { state: Next; reason: string }) =>
      told(
        client.POST('/v1/coupon-batches/{batch}/state', {
          params: { path: { batch: batch.batch } },
          body: { state, reason },
        }),
      ),
    onSuccess: () => {
      setAsking(undefined)
      void message.success(t('saved'))
      onMoved()
    },
  })
  const next: Next[] = batch.state === 'frozen' ? ['active', 'revoked'] : ['frozen', 'revoked']
  return (
    <Space>
      {next.map((state) => (
        <Button
          key={state}
          size="small"
          danger={state === 'revoked'}
          onClick={() => setAsking(state)}
        >
          {t(`hold.${state}`)}
        </Button>
      ))}
      <ReasonModal
        isOpen={asking !== undefined}
        title={t('hold.batch')}
        deed={t(asking ? `hold.${asking}` : 'state')}
        isDanger={asking === 'revoked'}
        isBusy={move.isPending}
        problem={move.error}
        onCancel={() => setAsking(undefined)}
        onConfirm={(reason) => asking && move.mutate({ state: asking, reason })}
      />
    </Space>
  )
}

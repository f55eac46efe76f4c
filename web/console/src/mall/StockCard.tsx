/** Pieces that are left, changed with a reason, and who changed them before. */
import { api, client, deedKey, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Card, Form, InputNumber, Radio, Table, Typography } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useActor } from '../shell/actors'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { usePrice, useWords, type Reward, type Variant } from './money'

type Change = 'set' | 'add' | 'unlimited'

export function StockCard({ reward, onChanged }: { reward: Reward; onChanged: () => void }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const actor = useActor()
  const price = usePrice()
  const words = useWords()
  const may = useMay()
  const [changed, change] = useState<Variant>()
  const history = api.useQuery(
    'get',
    '/v1/rewards/{reward}/stock',
    { params: { path: { reward: reward.reward }, query: { limit: 20 } } },
    { staleTime: 0 },
  )
  const nameOf = (variant?: Variant) =>
    variant ? [words(variant.name), variant.sku].filter(Boolean).join(' · ') || '—' : '—'
  return (
    <Card title={t('stock')}>
      <Table<Variant>
        size="small"
        rowKey="variant"
        dataSource={reward.variants}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('variant'), render: (_, one) => nameOf(one) },
          {
            title: t('price'),
            render: (_, one) => price(one.points, reward.terms.currency, one.cash),
          },
          {
            title: t('left'),
            align: 'right',
            render: (_, one) => (
              <strong>{one.left === null ? '∞' : formats.count(one.left)}</strong>
            ),
          },
          {
            title: t('reserved'),
            align: 'right',
            render: (_, one) => formats.count(one.reserved),
          },
          { title: t('used'), align: 'right', render: (_, one) => formats.count(one.used) },
          { title: t('waiting'), align: 'right', render: (_, one) => formats.count(one.waiting) },
          {
            title: '',
            align: 'right',
            render: (_, one) =>
              may('offers:write') && (
                <Button size="small" onClick={() => change(one)}>
                  {t('stockChange.deed')}
                </Button>
              ),
          },
        ]}
      />
      {(history.data?.items.length ?? 0) > 0 && (
        <details style={{ marginTop: 12 }}>
          <summary>{t('stockChange.history')}</summary>
          {history.data?.items.map((one) => (
            <Typography.Paragraph key={one.at + one.variant} style={{ margin: '6px 0' }}>
              {formats.moment(one.at)} · {actor(one.by)} ·{' '}
              {nameOf(reward.variants.find((known) => known.variant === one.variant))} ·{' '}
              {one.left_before ?? '∞'} → {one.left_after ?? '∞'} ·{' '}
              <Typography.Text type="secondary">{one.reason}</Typography.Text>
            </Typography.Paragraph>
          ))}
        </details>
      )}
      {changed && (
        <StockModal
          reward={reward.reward}
          variant={changed}
          name={nameOf(changed)}
          onClose={() => change(undefined)}
          onChanged={() => {
            change(undefined)
            void history.refetch()
            onChanged()
          }}
        />
      )}
    </Card>
  )
}

interface Props {
  reward: string
  variant: Variant
  name: string
  onClose: () => void
  onChanged: () => void
}

function StockModal({ reward, variant, name, onClose, onChanged }: Props) {
  const { t } = useTranslation('mall')
  const { message } = App.useApp()
  const key = useRef(deedKey())
  const [how, setHow] = useState<Change>('add')
  const [amount, setAmount] = useState<number>(0)
  const save = useMutation({
    mutationFn: (reason: string) =>
      told(
        client.POST('/v1/rewards/{reward}/stock', {
          params: { path: { reward }, header: { 'idempotency-key': key.current } },
          body: { variant: variant.variant, change: how, amount, reason },
        }),
      ),
    onSuccess: () => {
      void message.success(t('saved'))
      onChanged()
    },
  })
  return (
    <ReasonModal
      isOpen
      title={`${t('stockChange.deed')} · ${name}`}
      deed={t('stockChange.deed')}
      isBusy={save.isPending}
      problem={save.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => save.mutate(reason)}
    >
      <Radio.Group
        value={how}
        onChange={(event) => setHow(event.target.value as Change)}
        options={(['add', 'set', 'unlimited'] as const).map((one) => ({
          value: one,
          label: t(`stockChange.${one}`),
        }))}
      />
      {how !== 'unlimited' && (
        <Form.Item label={t('stockChange.amount')} htmlFor="stock-amount">
          <InputNumber<number>
            id="stock-amount"
            precision={0}
            min={how === 'set' ? 0 : undefined}
            value={amount}
            onChange={(value) => setAmount(value ?? 0)}
          />
        </Form.Item>
      )}
    </ReasonModal>
  )
}

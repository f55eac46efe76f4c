/** Sells a card to a member, or one term more of one that is held. */
import { api, client, deedKey, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Form, Input, Modal, Radio, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import type { Membership } from './standings'

interface Sale {
  card: string
  pay: 'money' | 'points' | 'trial'
  payment?: string
  renews?: boolean
}

interface Props {
  member: string
  /** The membership of which one term more is sold. */
  renewed?: Membership
  onDone: () => void
  onCancel: () => void
}

export function SellModal({ member, renewed, onDone, onCancel }: Props) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const { message } = App.useApp()
  const [form] = Form.useForm<Sale>()
  const cards = api.useQuery('get', '/v1/paid-cards')
  const code = Form.useWatch('card', form)
  const pay = Form.useWatch('pay', form)
  const chosen = cards.data?.items.find((one) => one.card === (renewed?.card ?? code))
  const [key] = useState(deedKey)
  const sell = useMutation({
    mutationFn: (sale: Sale) => sold(member, renewed, sale, key),
    onSuccess: () => {
      void message.success(t('sell.done'))
      onDone()
    },
  })
  const ways = [
    ...(chosen?.price
      ? [
          {
            value: 'money',
            label: t('sell.money', {
              price: formats.money(chosen.price.amount, chosen.price.currency),
            }),
          },
        ]
      : []),
    ...(chosen?.points
      ? [{ value: 'points', label: t('sell.points', { n: formats.count(chosen.points.amount) }) }]
      : []),
    ...(chosen?.trial && !renewed ? [{ value: 'trial', label: t('sell.trial') }] : []),
  ]
  return (
    <Modal
      open
      title={t(renewed ? 'sell.renewTitle' : 'sell.title')}
      okText={t('sell.deed')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: sell.isPending, disabled: !chosen }}
      onOk={() => form.submit()}
      onCancel={onCancel}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={(sale) => sell.mutate(sale)}>
        {!renewed && (
          <Form.Item name="card" label={t('field.card')} rules={[{ required: true }]}>
            <Select
              options={(cards.data?.items ?? []).map((one) => ({
                value: one.card,
                label: one.name,
              }))}
              onChange={() => form.resetFields(['pay', 'payment'])}
            />
          </Form.Item>
        )}
        <Form.Item name="pay" label={t('sell.pay')} rules={[{ required: true }]}>
          <Radio.Group options={ways} />
        </Form.Item>
        {pay === 'money' && (
          <Form.Item
            name="payment"
            label={t('sell.payment')}
            extra={t('sell.paymentHint')}
            rules={[{ required: true, whitespace: true }]}
          >
            <Input maxLength={100} />
          </Form.Item>
        )}
        {pay !== 'trial' && (
          <Form.Item name="renews" label={t('field.renews')} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
        <ProblemAlert problem={sell.error ?? cards.error} />
      </Form>
    </Modal>
  )
}

async function sold(
  ref: string,
  renewed: Membership | undefined,
  { card, pay, payment, renews }: Sale,
  key: string,
): Promise<void> {
  const header = { 'idempotency-key': key }
  const paid = { payment: pay === 'money' ? (payment ?? '').trim() : '', renews: renews ?? null }
  if (renewed) {
    const path = { membership: renewed.membership }
    const body = { pay: pay === 'trial' ? 'money' : pay, paid: null, ...paid } as const
    await told(
      client.POST('/v1/memberships/{membership}/renewals', { params: { path, header }, body }),
    )
    return
  }
  const body = { card, pay, paid: null, ...paid } as const
  await told(
    client.POST('/v1/members/{ref}/memberships', { params: { path: { ref }, header }, body }),
  )
}

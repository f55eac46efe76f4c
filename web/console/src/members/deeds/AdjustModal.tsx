/** Points more or fewer, by hand and with a reason; taken back from the message that tells of it. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Flex, Form, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ReasonModal } from '../../shell/ReasonModal'
import { useProgram } from '../program'
import { useDeed } from './deed'
import type { DeedProps } from './props'

interface Asked {
  currency: string
  amount: number
  reason: string
  key: string
}

export function AdjustModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation(['members', 'shared'])
  const currencies = useProgram().data?.currencies ?? []
  const [key, setKey] = useState(deedKey)
  const [chosen, choose] = useState<string>()
  const [sign, setSign] = useState<1 | -1>(1)
  const [amount, setAmount] = useState<number | null>(null)
  const currency = chosen ?? currencies[0] ?? ''

  const adjust = useAdjust(member.member, () => {
    setKey(deedKey())
    setAmount(null)
    onClose()
  })
  return (
    <ReasonModal
      isOpen={isOpen}
      title={t('deed.adjust')}
      deed={t('adjust.go')}
      isBusy={adjust.isPending}
      problem={adjust.error}
      maxLength={500}
      onCancel={onClose}
      onConfirm={(reason) => {
        if (amount) adjust.mutate({ currency, amount: sign * amount, reason, key })
      }}
    >
      <Flex gap="small" wrap align="start">
        <Segmented<1 | -1>
          aria-label={t('adjust.direction')}
          value={sign}
          onChange={setSign}
          options={[
            { value: 1, label: t('adjust.give') },
            { value: -1, label: t('adjust.take') },
          ]}
        />
        <Form.Item
          name="amount"
          label={t('adjust.amount')}
          rules={[{ required: true, message: t('adjust.amountNeeded') }]}
          style={{ marginBottom: 0 }}
        >
          <InputNumber<number> min={1} precision={0} style={{ width: 140 }} onChange={setAmount} />
        </Form.Item>
        <Form.Item label={t('points.currency')} style={{ marginBottom: 0 }}>
          <Select
            aria-label={t('points.currency')}
            style={{ minWidth: 120 }}
            value={currency}
            onChange={choose}
            options={currencies.map((one) => ({ value: one, label: one }))}
          />
        </Form.Item>
      </Flex>
    </ReasonModal>
  )
}

/** Adjusts, and tells what the server answered; what was done can be taken back from there. */
function useAdjust(ref: string, onDone: () => void) {
  const { t } = useTranslation(['members', 'shared'])
  const formats = useFormats()
  const { message } = App.useApp()
  const send = ({ key, ...body }: Asked) =>
    told(
      client.POST('/v1/members/{ref}/adjustments', {
        params: { path: { ref }, header: { 'idempotency-key': key } },
        body,
      }),
    )
  const said = (asked: Asked) =>
    t('adjust.done', { said: `${formats.signed(asked.amount)} ${asked.currency}` })
  const waits = () =>
    message.info(
      <>
        {t('adjust.waits')} <Link to="/ledger/approvals">{t('adjust.approvals')}</Link>
      </>,
      8,
    )
  const back = useDeed(send, (answer, asked) => {
    if ('approval' in answer) void waits()
    else void message.success(said(asked))
  })
  return useDeed(send, (answer, asked) => {
    onDone()
    if ('approval' in answer) {
      void waits()
      return
    }
    const close = message.success(
      <>
        {said(asked)}{' '}
        <Button
          type="link"
          size="small"
          onClick={() => {
            close()
            back.mutate({
              currency: asked.currency,
              amount: -asked.amount,
              reason: t('adjust.backReason'),
              key: deedKey(),
            })
          }}
        >
          {t('adjust.back')}
        </Button>
      </>,
      10,
    )
  })
}

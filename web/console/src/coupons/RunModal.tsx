/** Gives a coupon to all members of whom a condition holds: looked at first, then begun with the
 *  reason that they are told. The worker does it in parts. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MemberCondition } from '../members/MemberCondition'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { Outlook } from './Outlook'
import type { Template } from './terms'

interface Props {
  template: Template
  onClose: () => void
  onBegun: () => void
}

export function RunModal({ template, onClose, onBegun }: Props) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const [key] = useState(deedKey)
  const [condition, setCondition] = useState('')
  const wish = { template: template.template, condition: condition.trim() }
  const look = useMutation({
    mutationFn: () => told(client.POST('/v1/coupon-runs:preview', { body: wish })),
  })
  const begin = useMutation({
    mutationFn: (reason: string) =>
      told(
        client.POST('/v1/coupon-runs', {
          params: { header: { 'idempotency-key': key } },
          body: { ...wish, reason },
        }),
      ),
    onSuccess: () => {
      void message.success(t('run.begun'))
      onBegun()
      onClose()
    },
  })
  const change = (next: string) => {
    setCondition(next)
    look.reset()
  }
  return (
    <ReasonModal
      isOpen
      width={680}
      title={t('run.give')}
      deed={t('run.begin')}
      isBusy={begin.isPending}
      problem={begin.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => begin.mutate(reason)}
    >
      <div>
        <Form.Item label={t('run.condition')} htmlFor="coupon-run" extra={t('run.hint')}>
          <MemberCondition id="coupon-run" value={condition} onChange={change} />
        </Form.Item>
        <Button loading={look.isPending} onClick={() => look.mutate()}>
          {t('run.look')}
        </Button>
        <ProblemAlert problem={look.error} />
        {look.data && <Outlook outlook={look.data} />}
      </div>
    </ReasonModal>
  )
}

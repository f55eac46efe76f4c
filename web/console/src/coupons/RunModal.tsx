/** Gives a coupon to all members of whom a condition holds: looked at first, then begun with the
 *  reason that they are told. The worker does it in parts. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ManyModal } from '../members/ManyModal'
import { ProblemAlert } from '../shell/ProblemAlert'
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
    <ManyModal
      title={t('run.give')}
      deed={t('run.begin')}
      label={t('run.condition')}
      hint={t('run.hint')}
      condition={condition}
      onCondition={change}
      isBusy={begin.isPending}
      problem={begin.error}
      onConfirm={(reason) => begin.mutate(reason)}
      onClose={onClose}
    >
      <Button loading={look.isPending} onClick={() => look.mutate()}>
        {t('run.look')}
      </Button>
      <ProblemAlert problem={look.error} />
      {look.data && <Outlook outlook={look.data} />}
    </ManyModal>
  )
}

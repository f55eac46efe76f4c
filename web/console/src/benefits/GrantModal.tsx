/** Gives a member a benefit by hand, with the reason. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { App, DatePicker, Form, Input } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../shell/ReasonModal'
import { useBenefitDeed } from './offered'
import { WhatFields, type What } from './WhatFields'

interface Props {
  /** Whose; asked for where it is not known. */
  member?: string
  onClose: () => void
}

export function GrantModal({ member, onClose }: Props) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const [key] = useState(deedKey)
  const [ref, setRef] = useState(member ?? '')
  const [what, setWhat] = useState<What>({ uses: null })
  const [until, setUntil] = useState<Dayjs | null>(null)
  const give = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/members/{ref}/benefit-grants', {
          params: { path: { ref: ref.trim() }, header: { 'idempotency-key': key } },
          body: {
            benefit: what.benefit ?? '',
            reason,
            uses: what.uses,
            valid_from: null,
            valid_until: until ? until.endOf('day').add(1, 'millisecond').toISOString() : null,
          },
        }),
      ),
    (answer) => {
      void message.success(t('grant.done', { name: answer.name }))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen
      title={t('grant.give')}
      deed={t('grant.give')}
      isBusy={give.isPending}
      problem={give.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => give.mutate(reason)}
    >
      <div>
        {member === undefined && (
          <Form.Item label={t('field.member')} htmlFor="grant-member" required>
            <Input
              id="grant-member"
              value={ref}
              placeholder={t('filter.memberHint')}
              onChange={(event) => setRef(event.target.value)}
            />
          </Form.Item>
        )}
        <WhatFields id="grant" value={what} onChange={setWhat} />
        <Form.Item
          label={t('grant.lastDay')}
          htmlFor="grant-until"
          extra={until ? undefined : t('grant.asBenefitLong')}
        >
          <DatePicker id="grant-until" value={until} onChange={setUntil} />
        </Form.Item>
      </div>
    </ReasonModal>
  )
}

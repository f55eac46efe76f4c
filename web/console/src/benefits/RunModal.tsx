/** Gives a benefit to all members of whom a condition holds; the worker does it in parts. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { App, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MemberCondition } from '../members/MemberCondition'
import { ReasonModal } from '../shell/ReasonModal'
import { useBenefitDeed } from './offered'
import { WhatFields, type What } from './WhatFields'

export function RunModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const [key] = useState(deedKey)
  const [what, setWhat] = useState<What>({ uses: null })
  const [condition, setCondition] = useState('')
  const begin = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/grant-runs', {
          params: { header: { 'idempotency-key': key } },
          body: {
            benefit: what.benefit ?? '',
            condition,
            reason,
            uses: what.uses,
            valid_until: null,
          },
        }),
      ),
    () => {
      void message.success(t('run.begun'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen
      width={680}
      title={t('run.give')}
      deed={t('run.give')}
      isBusy={begin.isPending}
      problem={begin.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => begin.mutate(reason)}
    >
      <div>
        <WhatFields id="run" value={what} onChange={setWhat}>
          <Form.Item label={t('run.condition')} htmlFor="run-condition" extra={t('run.hint')}>
            <MemberCondition id="run-condition" value={condition} onChange={setCondition} />
          </Form.Item>
        </WhatFields>
      </div>
    </ReasonModal>
  )
}

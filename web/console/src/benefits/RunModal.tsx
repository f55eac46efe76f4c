/** Gives a benefit to all members of whom a condition holds; the worker does it in parts. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { App, Form, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MemberCondition } from '../members/MemberCondition'
import { ReasonModal } from '../shell/ReasonModal'
import { useBenefitDeed, useChoices } from './offered'

export function RunModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const choices = useChoices((one) => one.grantable)
  const [key] = useState(deedKey)
  const [benefit, setBenefit] = useState<string>()
  const [condition, setCondition] = useState('')
  const [uses, setUses] = useState<number | null>(null)
  const begin = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/grant-runs', {
          params: { header: { 'idempotency-key': key } },
          body: { benefit: benefit ?? '', condition, reason, uses, valid_until: null },
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
        <Form.Item label={t('field.benefit')} htmlFor="run-benefit" required>
          <Select id="run-benefit" value={benefit} onChange={setBenefit} options={choices} />
        </Form.Item>
        <Form.Item label={t('run.condition')} htmlFor="run-condition" extra={t('run.hint')}>
          <MemberCondition id="run-condition" value={condition} onChange={setCondition} />
        </Form.Item>
        <Form.Item
          label={t('field.uses')}
          htmlFor="run-uses"
          extra={uses === null ? t('grant.asBenefit') : undefined}
        >
          <InputNumber
            id="run-uses"
            min={1}
            max={100_000}
            precision={0}
            value={uses}
            onChange={setUses}
          />
        </Form.Item>
      </div>
    </ReasonModal>
  )
}

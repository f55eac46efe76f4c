/** Which benefit is given, and how many uses of it. */
import { Form, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useChoices } from './offered'

export interface What {
  benefit?: string
  /** null: as often as the benefit says. */
  uses: number | null
}

interface Props {
  /** Begins the ids of the fields. */
  id: string
  value: What
  onChange: (value: What) => void
}

export function WhatFields({ id, value, onChange }: Props) {
  const { t } = useTranslation('benefits')
  const choices = useChoices((one) => one.grantable)
  return (
    <>
      <Form.Item label={t('field.benefit')} htmlFor={`${id}-benefit`} required>
        <Select
          id={`${id}-benefit`}
          value={value.benefit}
          onChange={(benefit?: string) => onChange({ ...value, benefit })}
          options={choices}
        />
      </Form.Item>
      <Form.Item
        label={t('field.uses')}
        htmlFor={`${id}-uses`}
        extra={value.uses === null ? t('grant.asBenefit') : undefined}
      >
        <InputNumber
          id={`${id}-uses`}
          min={1}
          max={100_000}
          precision={0}
          value={value.uses}
          onChange={(uses) => onChange({ ...value, uses })}
        />
      </Form.Item>
    </>
  )
}

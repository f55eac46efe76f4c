/** Values of any shape, written as YAML; and single values of any kind. */
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'

import { parse } from '../writing/tree'
import { useForm, useValue } from './context'
import { plain, type FieldProps } from './scalars'
import { useTyping } from './typing'

export function RawField({ id, path }: FieldProps) {
  const { t } = useTranslation('program')
  const { edit, isReadOnly } = useForm()
  const [fault, setFault] = useState('')
  const kept = useValue(path)
  const text = kept === undefined ? '' : stringify(kept, { lineWidth: 80 })
  const typing = useTyping(text, (next) => {
    const { value, faults } = parse(next)
    setFault(faults[0]?.message ?? '')
    if (!faults.length) edit((tree) => tree.set(path, value ?? undefined))
  })
  return (
    <>
      <Input.TextArea
        id={id}
        autoSize={{ minRows: 3, maxRows: 16 }}
        style={{ fontFamily: 'monospace' }}
        value={typing.value}
        disabled={isReadOnly}
        status={fault ? 'error' : ''}
        onChange={(event) => typing.onChange(event.target.value)}
        onBlur={typing.onBlur}
      />
      {fault && <small role="alert">{t('forms.notYaml', { fault })}</small>}
    </>
  )
}

/** true, 5 or a text: as it is typed. */
export function ValueField({ id, path }: FieldProps) {
  const { edit, isReadOnly } = useForm()
  const typing = useTyping(plain(useValue(path)), (next) => {
    const { value, faults } = parse(next)
    edit((tree) => tree.set(path, faults.length || typeof value === 'object' ? next : value))
  })
  return (
    <Input
      id={id}
      value={typing.value}
      disabled={isReadOnly}
      onChange={(event) => typing.onChange(event.target.value)}
      onBlur={typing.onBlur}
    />
  )
}

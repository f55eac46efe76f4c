/** Entries whose names the document chooses: attributes, groups, metrics, kinds of points. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Flex, Input, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useForm, useValue } from './context'
import { Field } from './Field'
import { plain, type FieldProps } from './scalars'
import { beginning, resolved, type Schema } from './schema'
import { useTyping } from './typing'

export function MappingField({ path, schema, label }: FieldProps) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const [fresh, setFresh] = useState('')
  const kept = (useValue(path) ?? {}) as Record<string, unknown>
  const shape = resolved(root, schema)
  const each = shape.additionalProperties as Schema
  const rule = shape.propertyNames
  const isWrong =
    fresh !== '' && (fresh in kept || (rule?.pattern && !new RegExp(rule.pattern, 'u').test(fresh)))
  const add = () => {
    if (!fresh || isWrong) return
    edit((tree) => tree.set([...path, fresh], beginning(root, each)))
    setFresh('')
  }
  return (
    <Flex vertical gap="small">
      {Object.keys(kept).map((name) => (
        <Entry key={name} path={path} name={name} schema={each} />
      ))}
      {!isReadOnly && (
        <div>
          <Space.Compact>
            <Input
              size="small"
              value={fresh}
              status={isWrong ? 'error' : ''}
              aria-label={t('forms.newName', { label })}
              placeholder={t('forms.newName', { label })}
              onChange={(event) => setFresh(event.target.value)}
              onPressEnter={add}
            />
            <Button
              size="small"
              icon={<PlusOutlined />}
              disabled={!fresh || !!isWrong}
              onClick={add}
            >
              {t('shared:add')}
            </Button>
          </Space.Compact>
          {isWrong && (
            <div role="alert">
              <small>{fresh in kept ? t('forms.nameTaken') : t('forms.nameRule')}</small>
            </div>
          )}
        </div>
      )}
    </Flex>
  )
}

function Entry({ path, name, schema }: { path: FieldProps['path']; name: string; schema: Schema }) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const shape = resolved(root, schema)
  const typing = useTyping(name, (next) => {
    if (next && next !== name) edit((tree) => tree.rename(path, name, next))
  })
  const isRecord = shape.type === 'object'
  const remove = !isReadOnly && (
    <Button
      type="text"
      size="small"
      danger
      icon={<DeleteOutlined />}
      aria-label={t('forms.without', { label: name })}
      onClick={() => edit((tree) => tree.remove([...path, name]))}
    />
  )
  if (!isRecord)
    return <Field path={[...path, name]} schema={schema} label={name} hint="" extra={remove} />
  return (
    <Card
      size="small"
      extra={remove}
      title={
        <Input
          variant="borderless"
          size="small"
          aria-label={t('forms.nameOf', { name })}
          value={plain(typing.value)}
          disabled={isReadOnly}
          onChange={(event) => typing.onChange(event.target.value)}
          onBlur={typing.onBlur}
          style={{ fontFamily: 'monospace', paddingInline: 0 }}
        />
      }
    >
      <Field path={[...path, name]} schema={schema} label={name} hint="" extra={<span />} />
    </Card>
  )
}

/** Fields of one value each: texts, numbers, choices. */
import { AutoComplete, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Path } from '../writing/tree'
import { useChoiceName, useForm, useOptions, useValue, type Option } from './context'
import { resolved, type Schema } from './schema'
import { useTyping } from './typing'

export interface FieldProps {
  id: string
  path: Path
  schema: Schema
  label: string
}

export function TextField({ id, path, schema }: FieldProps) {
  const { edit, root, isReadOnly } = useForm()
  const kept = useValue(path)
  const { maxLength, examples } = resolved(root, schema)
  const typing = useTyping(plain(kept), (next) =>
    edit((tree) => tree.set(path, next === '' ? undefined : next)),
  )
  return (
    <Input
      id={id}
      value={typing.value}
      maxLength={maxLength}
      disabled={isReadOnly}
      placeholder={examples?.length ? String(examples[0]) : undefined}
      onChange={(event) => typing.onChange(event.target.value)}
      onBlur={typing.onBlur}
    />
  )
}

/** Numbers are kept as they are typed, to the last digit. Money is written with its cents. */
export function NumberField({ id, path, schema, label, suffix }: FieldProps & { suffix?: string }) {
  const { t } = useTranslation('program')
  const { edit, root, value, isReadOnly } = useForm()
  const kept = useValue(path)
  const shape = resolved(root, schema)
  const isMoney = shape.type === 'number' && ['per', 'amount'].includes(String(path.at(-1)))
  const digits = isMoney ? digitsOf(value.money) : 0
  const shown = typeof kept === 'number' && isMoney ? kept.toFixed(digits) : plain(kept)
  const typing = useTyping(shown, (next) => {
    const text = next.trim().replaceAll(',', '')
    if (text === shown) return
    edit((tree) => {
      if (text === '') tree.set(path, undefined)
      else if (!/^-?\d+(\.\d{1,12})?$/.test(text)) tree.set(path, text)
      else tree.setDecimal(path, Number(text), digits)
    })
  })
  const isWrong = typing.value !== '' && !/^-?[\d,]+(\.\d*)?$/.test(typing.value.trim())
  return (
    <>
      <Input
        id={id}
        inputMode="decimal"
        value={typing.value}
        disabled={isReadOnly}
        status={isWrong ? 'error' : ''}
        suffix={suffix ?? (isMoney ? plain(value.money) : undefined)}
        onChange={(event) => typing.onChange(event.target.value)}
        onBlur={typing.onBlur}
      />
      {isWrong && <span role="alert">{t('forms.noNumber', { label })}</span>}
    </>
  )
}

export function ChoiceField({ id, path, schema }: FieldProps) {
  const { edit, root, isReadOnly } = useForm()
  const say = useChoiceName()
  const shape = resolved(root, schema)
  const kept = useValue(path)
  const options: Option[] = (shape.enum ?? []).map((word) => ({ value: word, label: say(word) }))
  return (
    <Select
      id={id}
      style={{ width: '100%' }}
      value={(kept ?? shape.default) as string | undefined}
      options={options}
      disabled={isReadOnly}
      onChange={(next) => edit((tree) => tree.set(path, next))}
    />
  )
}

/** The id of something else in the document; a new group may be named here too. */
export function NamedField({ id, path, schema }: FieldProps) {
  const { edit, isReadOnly } = useForm()
  const kept = useValue(path)
  const options = useOptions()(path, schema) ?? []
  const isFree = path.at(-1) === 'group'
  const typing = useTyping(plain(kept), (next) => edit((tree) => tree.set(path, next || undefined)))
  if (isFree)
    return (
      <AutoComplete
        id={id}
        style={{ width: '100%' }}
        value={typing.value}
        options={options}
        disabled={isReadOnly}
        onChange={(next: string) => typing.onChange(next)}
        onBlur={typing.onBlur}
      />
    )
  return (
    <Select
      id={id}
      style={{ width: '100%' }}
      showSearch
      value={kept as string | undefined}
      options={options}
      disabled={isReadOnly}
      onChange={(next) => edit((tree) => tree.set(path, next))}
    />
  )
}

/** Several words: of a few, of what the document names, or any. */
export function WordsField({ id, path, schema }: FieldProps) {
  const { t } = useTranslation('program')
  const { edit, root, isReadOnly } = useForm()
  const say = useChoiceName()
  const shape = resolved(root, schema)
  const items = shape.items ?? {}
  const known = useOptions()(path, items)
  const kept = useValue(path)
  const few = resolved(root, items).enum
  const options = few?.map((word) => ({ value: word, label: say(word) })) ?? known
  const value = (Array.isArray(kept) ? kept : kept === undefined ? [] : [kept]).map(plain)
  return (
    <Select
      id={id}
      style={{ width: '100%' }}
      mode={options && path.at(-1) !== 'on' ? 'multiple' : 'tags'}
      value={value}
      options={options ?? []}
      disabled={isReadOnly}
      tokenSeparators={options ? [] : [',', '，', ';']}
      placeholder={options ? undefined : t('forms.typeWords')}
      {...(options ? {} : { open: false, suffix: null })}
      onChange={(next: string[]) => edit((tree) => tree.set(path, next.length ? next : undefined))}
    />
  )
}

export function FlagField({ id, path, schema }: FieldProps) {
  const { edit, root, isReadOnly } = useForm()
  const kept = useValue(path)
  const shape = resolved(root, schema)
  const isDefault = (next: boolean) => next === (shape.default ?? false)
  return (
    <div>
      <Switch
        id={id}
        checked={(kept ?? shape.default ?? false) === true}
        disabled={isReadOnly}
        onChange={(next) => edit((tree) => tree.set(path, isDefault(next) ? undefined : next))}
      />
    </div>
  )
}

export function plain(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : `${value as string | number}`
}

/** How many digits the minor unit of a money has: 2 for USD, 0 for JPY. */
export function digitsOf(money: unknown): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: plain(money) })
    return format.resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

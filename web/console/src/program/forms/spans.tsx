/** Spans of time, days and moments, names in several languages, conditions. */
import { DatePicker, Flex, Input, InputNumber, Select, Space } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { useForm, useValue } from './context'
import { plain, type FieldProps } from './scalars'
import { useTyping } from './typing'

const SPAN = /^P(?:(\d+)([DWMY])|T(\d+)(H))$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_FORMAT = 'YYYY-MM-DD'

/** P14D as "14 days"; what is more involved is written as in ISO 8601. */
export function SpanField({ id, path, label }: FieldProps) {
  const { t } = useTranslation('document')
  const { edit, isReadOnly } = useForm()
  const kept = plain(useValue(path))
  const found = SPAN.exec(kept)
  const typing = useTyping(kept, (next) => edit((tree) => tree.set(path, next || undefined)))
  const set = (count: number | null, unit: string) =>
    edit((tree) =>
      tree.set(path, count === null ? undefined : `P${unit === 'H' ? 'T' : ''}${count}${unit}`),
    )
  if (kept && !found)
    return (
      <Input
        id={id}
        value={typing.value}
        disabled={isReadOnly}
        onChange={(event) => typing.onChange(event.target.value)}
        onBlur={typing.onBlur}
      />
    )
  const count = found ? Number(found[1] ?? found[3]) : null
  const unit = found?.[2] ?? found?.[4] ?? 'M'
  return (
    <Space.Compact block>
      <InputNumber
        id={id}
        min={1}
        max={9999}
        precision={0}
        value={count}
        disabled={isReadOnly}
        onChange={(next) => set(next, unit)}
        style={{ width: '50%' }}
      />
      <Select
        aria-label={`${label}: ${t('units.D')} / ${t('units.M')}`}
        value={unit}
        disabled={isReadOnly}
        onChange={(next) => set(count ?? 1, next)}
        options={['H', 'D', 'W', 'M', 'Y'].map((one) => ({ value: one, label: t(`units.${one}`) }))}
        style={{ width: '50%' }}
      />
    </Space.Compact>
  )
}

/** A day from the calendar, or a moment as it is written. */
export function MomentField({ id, path, schema }: FieldProps) {
  const { t } = useTranslation('program')
  const { edit, isReadOnly } = useForm()
  const kept = plain(useValue(path))
  const typing = useTyping(kept, (next) => edit((tree) => tree.set(path, next.trim() || undefined)))
  const isDay = kept === '' || DAY.test(kept)
  const set = (day: string | undefined) => edit((tree) => tree.set(path, day))
  if (isDay && path.at(-1) !== 'time')
    return (
      <DatePicker
        id={id}
        style={{ width: '100%' }}
        format={DAY_FORMAT}
        value={kept ? dayjs(kept, DAY_FORMAT) : null}
        disabled={isReadOnly}
        onChange={(day) => set(day?.format(DAY_FORMAT))}
        renderExtraFooter={
          schema.$ref?.endsWith('moment')
            ? () => <small>{t('forms.momentInText')}</small>
            : undefined
        }
      />
    )
  return (
    <Input
      id={id}
      value={typing.value}
      placeholder="2026-03-01T15:00:00Z"
      disabled={isReadOnly}
      allowClear
      onChange={(event) => typing.onChange(event.target.value)}
      onBlur={typing.onBlur}
    />
  )
}

/** A name, in each language. */
export function LanguagesField({ id, path, label }: FieldProps) {
  const { t } = useTranslation('document')
  const kept = useValue(path)
  const known = typeof kept === 'object' && kept !== null ? Object.keys(kept) : []
  const languages = [...new Set(['en', 'zh-CN', ...known])]
  return (
    <Flex vertical gap={4}>
      {languages.map((language, number) => (
        <OneLanguage
          key={language}
          id={number === 0 ? id : undefined}
          path={[...path, language]}
          name={t(`languages.${language}`, { defaultValue: language })}
          label={label}
        />
      ))}
    </Flex>
  )
}

interface OneProps {
  id: string | undefined
  path: FieldProps['path']
  name: string
  label: string
}

function OneLanguage({ id, path, name, label }: OneProps) {
  const { edit, isReadOnly } = useForm()
  const typing = useTyping(plain(useValue(path)), (next) =>
    edit((tree) => tree.set(path, next || undefined)),
  )
  return (
    <Input
      id={id}
      aria-label={`${label}: ${name}`}
      prefix={<small style={{ opacity: 0.75, minWidth: 48 }}>{name}</small>}
      value={typing.value}
      maxLength={200}
      disabled={isReadOnly}
      onChange={(event) => typing.onChange(event.target.value)}
      onBlur={typing.onBlur}
    />
  )
}

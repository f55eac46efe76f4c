/** A condition: clicked together from what the document knows, or typed in CEL. */
import { Input } from 'antd'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { ConditionBuilder } from '../../conditions/ConditionBuilder'
import type { ConditionField as Known, FieldType } from '../../conditions/fields'
import type { Path } from '../writing/tree'
import { useForm, useValue, type ProgramField } from './context'
import { plain, type FieldProps } from './scalars'
import { useTyping } from './typing'

export function ConditionField({ id, path, label }: FieldProps) {
  const { edit, isReadOnly } = useForm()
  const kept = plain(useValue(path))
  const fields = useKnown(path)
  const isTouched = useRef(false)
  const typing = useTyping(kept, (next) => edit((tree) => tree.set(path, next.trim() || undefined)))
  if (!fields.length)
    return (
      <Input.TextArea
        id={id}
        autoSize={{ minRows: 1, maxRows: 6 }}
        style={{ fontFamily: 'monospace' }}
        value={typing.value}
        maxLength={4000}
        disabled={isReadOnly}
        aria-label={label}
        onChange={(event) => typing.onChange(event.target.value)}
        onBlur={typing.onBlur}
      />
    )
  // A condition that is only looked at stays as it was written.
  const touch = () => (isTouched.current = true)
  return (
    <div onPointerDownCapture={touch} onKeyDownCapture={touch} onChangeCapture={touch}>
      <ConditionBuilder
        id={id}
        fields={fields}
        value={typing.value}
        isReadOnly={isReadOnly}
        onChange={(next) => {
          if (isTouched.current) typing.onChange(next)
        }}
      />
    </div>
  )
}

const TYPES: Record<string, FieldType> = {
  bool: 'bool',
  int: 'int',
  string: 'string',
  timestamp: 'timestamp',
  'list(string)': 'strings',
}

/** What a condition at this place may name: of every event type that its rule is on. */
function useKnown(path: Path): Known[] {
  const { t } = useTranslation('program')
  const { fields } = useForm()
  const rule = useValue(path.slice(0, 2)) as { on?: unknown } | undefined
  const on = JSON.stringify([rule?.on].flat())
  const place = path.at(-2) === 'lines' ? 'lines' : path.at(-2) === 'audience' ? 'audience' : 'when'
  return useMemo(() => {
    const wanted = JSON.parse(on) as unknown[]
    const types = (fields?.event_types ?? []).filter((one) => wanted.includes(one.type))
    const [first, ...others] = types
    return (first?.fields ?? [])
      .filter((field) => fitsTo(field, place))
      .filter((field) => others.every((one) => one.fields.some((f) => f.name === field.name)))
      .flatMap((field): Known[] => {
        const type = TYPES[field.type]
        if (!type) return []
        const label = field.money ? t('forms.inCents', { label: field.label }) : field.label
        return [
          {
            name: field.name,
            label,
            type,
            isOptional: field.optional,
            ...(field.values.length ? { values: field.values } : {}),
          },
        ]
      })
  }, [fields, on, place, t])
}

function fitsTo(field: ProgramField, place: 'lines' | 'audience' | 'when'): boolean {
  if (place === 'lines') return field.line
  return !field.line && (place === 'when' || field.audience)
}

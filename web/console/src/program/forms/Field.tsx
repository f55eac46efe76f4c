/** A field for whatever the schema has at a place: the general way to every corner of a document. */
import { CloseOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { Path } from '../writing/tree'
import { ConditionField } from './ConditionField'
import { useForm, useNames, useOptions } from './context'
import { EitherField } from './EitherField'
import { Labelled } from './Labelled'
import { ListField } from './ListField'
import { MappingField } from './MappingField'
import { NeedField } from './NeedField'
import { RawField, ValueField } from './RawField'
import { Inset, RecordFields } from './RecordFields'
import {
  ChoiceField,
  FlagField,
  NamedField,
  NumberField,
  TextField,
  WordsField,
  type FieldProps,
} from './scalars'
import { resolved, shapeName, type Schema } from './schema'
import { LanguagesField, MomentField, SpanField } from './spans'

interface Props {
  path: Path
  schema: Schema
  /** It can be taken away. */
  isOptional?: boolean
  label?: string
  hint?: string
  extra?: ReactNode
}

export function Field({ path, schema, isOptional, extra, ...said }: Props) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const names = useNames()(path, resolved(root, schema))
  const label = said.label ?? names.label
  const Kind = useKind(path, schema)
  const isGroup = GROUPS.has(Kind)
  const remove = isOptional && !isReadOnly && (
    <Tooltip title={t('forms.without', { label })}>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t('forms.without', { label })}
        onClick={() => edit((tree) => tree.set(path, undefined))}
      />
    </Tooltip>
  )
  return (
    <Labelled
      label={label}
      hint={said.hint ?? names.hint}
      path={path}
      extra={extra ?? remove}
      isWide={isGroup || WIDE.has(Kind)}
      isGroup={isGroup}
    >
      {(id) => <Kind id={id} path={path} schema={schema} label={label} />}
    </Labelled>
  )
}

type Kind = (props: FieldProps) => ReactNode

function RecordField({ path, schema }: FieldProps) {
  return (
    <Inset>
      <RecordFields path={path} schema={schema} />
    </Inset>
  )
}

function FixedField({ id, schema }: FieldProps) {
  return <output id={id}>{String(schema.const)}</output>
}

const SHAPES: Record<string, Kind> = {
  text: LanguagesField,
  duration: SpanField,
  day: MomentField,
  moment: MomentField,
  condition: ConditionField,
  words: WordsField,
  need: NeedField,
}
const GROUPS = new Set<Kind>([RecordField, ListField, MappingField, EitherField, NeedField])
const WIDE = new Set<Kind>([ConditionField, RawField])

function useKind(path: Path, schema: Schema): Kind {
  const { root } = useForm()
  const options = useOptions()(path, schema)
  const shared = SHAPES[shapeName(schema)]
  if (shared) return shared
  const shape = resolved(root, schema)
  if ('const' in shape) return FixedField
  if (shape.anyOf && !shape.type) return path.at(-1) === 'on' ? WordsField : EitherField
  if (options && shape.type === 'string') return NamedField
  if (Array.isArray(shape.type)) return ValueField
  switch (shape.type) {
    case 'string':
      return shape.enum ? ChoiceField : TextField
    case 'integer':
    case 'number':
      return NumberField
    case 'boolean':
      return FlagField
    case 'array':
      return resolved(root, shape.items ?? {}).type === 'string' ? WordsField : ListField
    case 'object':
      if (shape.properties) return RecordField
      return typeof shape.additionalProperties === 'object' ? MappingField : RawField
    default:
      return RawField
  }
}

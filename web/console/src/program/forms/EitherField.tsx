/** One of several shapes: which one, and then its fields. */
import { Flex, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useChoiceName, useForm, useValue } from './context'
import { NeedField } from './NeedField'
import { Inset, RecordFields } from './RecordFields'
import type { FieldProps } from './scalars'
import { beginning, fits, resolved, shapeName, type Schema } from './schema'

interface Way {
  key: string
  label: string
  schema: Schema
  /** The value itself, where there is nothing more to fill in. */
  fixed?: unknown
}

export function EitherField({ id, path, schema, label }: FieldProps) {
  const { root, edit, isReadOnly } = useForm()
  const ways = useWays(schema)
  const kept = useValue(path) ?? resolved(root, schema).default
  const at = ways.findIndex((way) =>
    'fixed' in way ? way.fixed === kept : fits(resolved(root, way.schema), kept),
  )
  const chosen = ways[at]
  return (
    <Flex vertical gap="small">
      <Select
        id={id}
        aria-label={label}
        style={{ width: '100%', maxWidth: 420 }}
        value={chosen?.key}
        disabled={isReadOnly}
        options={ways.map((way) => ({ value: way.key, label: way.label }))}
        onChange={(key) => {
          const way = ways.find((one) => one.key === key)
          if (way)
            edit((tree) => tree.set(path, 'fixed' in way ? way.fixed : beginning(root, way.schema)))
        }}
      />
      {chosen && !('fixed' in chosen) && (
        <Inset>
          {chosen.key === 'need' ? (
            <NeedField id={`${id}-need`} path={path} schema={chosen.schema} label={label} />
          ) : (
            <RecordFields path={path} schema={chosen.schema} />
          )}
        </Inset>
      )}
    </Flex>
  )
}

function useWays(schema: Schema): Way[] {
  const { t } = useTranslation('document')
  const { root } = useForm()
  const say = useChoiceName()
  return (schema.anyOf ?? []).flatMap((one): Way[] => {
    const shape = resolved(root, one)
    if ('const' in shape) {
      const word = String(shape.const)
      return [{ key: word, label: say(word), schema: one, fixed: shape.const }]
    }
    if (shape.enum)
      return shape.enum.map((word) => ({ key: word, label: say(word), schema: one, fixed: word }))
    const first = Object.keys(shape.properties ?? {})[0]
    const name = shape.required?.[0] ?? (shapeName(one) === 'need' ? 'need' : first) ?? 'need'
    return [{ key: name, label: t(`variants.${name}`, { defaultValue: name }), schema: one }]
  })
}

/** The properties of a mapping: those that are there, and what else there could be. */
import { PlusOutlined } from '@ant-design/icons'
import { Button, Flex, theme, Tooltip } from 'antd'
import type { ReactNode } from 'react'

import type { Path } from '../writing/tree'
import { useForm, useNames, useOptions, useValue } from './context'
import { Field } from './Field'
import { beginning, resolved, type Schema } from './schema'

interface Props {
  path: Path
  schema: Schema
  /** Only these properties, in this order. */
  only?: string[]
  skip?: string[]
  /** Shown even while they are absent. */
  always?: string[]
}

export function RecordFields({ path, schema, only, skip = [], always = [] }: Props) {
  const { root, edit, isReadOnly } = useForm()
  const names = useNames()
  const options = useOptions()
  const shape = resolved(root, schema)
  const kept = (useValue(path) ?? {}) as Record<string, unknown>
  const required = shape.required ?? []
  const known = (only ?? Object.keys(shape.properties ?? {})).filter((name) => !skip.includes(name))
  const isShown = (name: string) => name in kept || required.includes(name) || always.includes(name)
  const absent = isReadOnly ? [] : known.filter((name) => !isShown(name))
  // What names something else begins with something that there is; an example would name nothing.
  const start = (name: string, inner: Schema) => {
    const items = resolved(root, inner).items
    if (!items || resolved(root, items).type !== 'string' || resolved(root, items).enum)
      return beginning(root, inner)
    const last = options([...path, name], items)?.at(-1)
    return last ? [last.value] : []
  }
  return (
    <Flex vertical gap="middle">
      <Grid>
        {known.filter(isShown).map((name) => (
          <Field
            key={name}
            path={[...path, name]}
            schema={shape.properties?.[name] ?? {}}
            isOptional={!required.includes(name) && name in kept && !always.includes(name)}
          />
        ))}
      </Grid>
      {absent.length > 0 && (
        <Flex wrap gap={6}>
          {absent.map((name) => {
            const { label, hint } = names([...path, name], shape.properties?.[name])
            return (
              <Tooltip key={name} title={hint}>
                <Button
                  size="small"
                  type="dashed"
                  icon={<PlusOutlined />}
                  onClick={() =>
                    edit((tree) =>
                      tree.set([...path, name], start(name, shape.properties?.[name] ?? {})),
                    )
                  }
                >
                  {label}
                </Button>
              </Tooltip>
            )
          })}
        </Flex>
      )}
    </Flex>
  )
}

/** Fields side by side, as many as there is room for. */
export function Grid({ children }: { children: ReactNode }) {
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(210px, 100%), 1fr))',
        gap: '12px 16px',
        alignItems: 'start',
      }}
    >
      {children}
    </div>
  )
}

/** What belongs together, a step further in. */
export function Inset({ children }: { children: ReactNode }) {
  const { token } = theme.useToken()
  return (
    <div
      style={{
        borderInlineStart: `2px solid ${token.colorBorderSecondary}`,
        paddingInlineStart: 12,
      }}
    >
      {children}
    </div>
  )
}

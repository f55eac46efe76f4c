/** A field with its label, and the column of the file that fills it, told with what stands in it. */
import { Flex, Input, Select, Typography } from 'antd'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { Opened } from './sending'

interface RowProps {
  label: string
  name: string
  hint?: string
  isNeeded?: boolean
  children: (id: string) => ReactNode
}

export function FormRow({ label, name, hint, isNeeded, children }: RowProps) {
  const { t } = useTranslation('imports')
  const id = `map-${name}`
  return (
    <Flex gap={8} align="start" wrap>
      <label htmlFor={id} style={{ width: 132, paddingTop: 5 }}>
        {label}
        {isNeeded && <span title={t('needed.this')}> *</span>}
      </label>
      <Flex vertical flex="1 1 200px" style={{ minWidth: 0 }}>
        {children(id)}
        {hint && (
          <Typography.Text type="secondary" style={{ fontSize: 12 }}>
            {hint}
          </Typography.Text>
        )}
      </Flex>
    </Flex>
  )
}

interface Column {
  value: string
  label: string
  samples: string
}

const SAMPLES = 3

/** The columns of the file, each with some of its values. */
export function useColumns({ columns, rows }: Opened): Column[] {
  return useMemo(
    () =>
      columns.map((name, place) => {
        const cells = rows.map((row) => row[place] ?? '').filter(Boolean)
        return {
          value: name,
          label: name,
          samples: [...new Set(cells)].slice(0, SAMPLES).join(' · '),
        }
      }),
    [columns, rows],
  )
}

interface Props extends Omit<RowProps, 'children'> {
  columns: Column[]
  value: string | undefined
  onChange: (column: string | undefined) => void
  /** What stands in every event alike. */
  constant?: string | undefined
  onConstant?: ((text: string) => void) | undefined
}

export function ColumnRow({ columns, value, onChange, constant, onConstant, ...row }: Props) {
  const { t } = useTranslation('imports')
  const samples = columns.find((one) => one.value === value)?.samples
  return (
    <FormRow {...row} hint={row.hint || samples || ''}>
      {(id) =>
        constant !== undefined && onConstant ? (
          <Input
            id={id}
            value={constant}
            maxLength={200}
            onChange={({ target }) => onConstant(target.value)}
          />
        ) : (
          <Select
            id={id}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={value ?? null}
            placeholder={t('map.noColumn')}
            status={row.isNeeded && !value ? 'warning' : ''}
            onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
            options={columns}
            optionRender={({ data }) => (
              <Flex justify="space-between" gap="small">
                <span>{data.label}</span>
                <Typography.Text type="secondary" ellipsis style={{ maxWidth: 180 }}>
                  {data.samples}
                </Typography.Text>
              </Flex>
            )}
          />
        )
      }
    </FormRow>
  )
}

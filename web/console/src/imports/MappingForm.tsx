/** The fields of an event, each with the column that it comes from. */
import { Divider, Flex, Input, Select, Switch, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { ColumnRow, FormRow, useColumns } from './ColumnRow'
import {
  columnOf,
  constantOf,
  fieldOf,
  namingOf,
  specFor,
  timeOf,
  withField,
  withGrouping,
  withNaming,
  withReceipt,
  withTime,
  type Mapping,
  type Target,
} from './mapping'
import type { Opened } from './sending'

interface Props {
  opened: Opened
  mapping: Mapping
  onChange: (mapping: Mapping) => void
}

const SYSTEMS = ['card', 'phone', 'email', 'external']

export function MappingForm({ opened, mapping, onChange }: Props) {
  const { t } = useTranslation('imports')
  const columns = useColumns(opened)
  const type = typeof mapping.type === 'string' ? mapping.type : 'purchase'
  const targets = opened.fields[type] ?? []
  const lines = targets.filter((one) => one.of_line)
  const isByLine = mapping.group_by !== undefined
  const change = (target: Target, column: string | undefined) =>
    onChange(
      withField(
        mapping,
        target,
        column && specFor(target.kind, column, decimals(opened), fieldOf(mapping, target)),
      ),
    )
  return (
    <Flex vertical gap={10}>
      <FormRow label={t('fields.type')} name="type">
        {(id) => (
          <Select
            id={id}
            value={type}
            onChange={(next) => onChange({ ...mapping, type: next, data: {} })}
            options={Object.keys(opened.fields).map((code) => ({
              value: code,
              label: t(`types.${code}`, { defaultValue: code }),
            }))}
          />
        )}
      </FormRow>
      <ColumnRow
        label={t('fields.id')}
        name="id"
        isNeeded
        columns={columns}
        value={columnOf(mapping.id)}
        onChange={(column) => onChange(withReceipt(mapping, column))}
      />
      <Member mapping={mapping} columns={columns} onChange={onChange} />
      <Time mapping={mapping} columns={columns} onChange={onChange} />
      <Divider titlePlacement="start" plain style={{ margin: '4px 0' }}>
        {t('map.event')}
      </Divider>
      {targets
        .filter((one) => !one.of_line && !(one.name === 'total' && isByLine))
        .map((one) => (
          <FieldRow
            key={one.name}
            target={one}
            mapping={mapping}
            columns={columns}
            onColumn={(column) => change(one, column)}
            onConstant={(text) => onChange(withField(mapping, one, text || undefined))}
          />
        ))}
      {lines.length > 0 && (
        <>
          <Divider titlePlacement="start" plain style={{ margin: '4px 0' }}>
            {t('map.lines')}
          </Divider>
          <Flex gap="small" align="center">
            <Switch
              id="map-by-line"
              checked={isByLine}
              disabled={!columnOf(mapping.id)}
              onChange={(on) => onChange(withGrouping(mapping, on))}
            />
            <label htmlFor="map-by-line">{t('map.byLine')}</label>
          </Flex>
          {lines.map((one) => (
            <FieldRow
              key={`line-${one.name}`}
              target={one}
              mapping={mapping}
              columns={columns}
              onColumn={(column) => change(one, column)}
            />
          ))}
        </>
      )}
      <FormRow label={t('fields.source')} hint={t('hints.source')} name="source">
        {(id) => (
          <Input
            id={id}
            value={constantOf(mapping.source) ?? ''}
            maxLength={200}
            onChange={({ target }) => onChange({ ...mapping, source: target.value })}
          />
        )}
      </FormRow>
      <Typography.Text type="secondary">{t('map.rest')}</Typography.Text>
    </Flex>
  )
}

type Columns = ReturnType<typeof useColumns>
interface PartProps {
  mapping: Mapping
  columns: Columns
  onChange: (mapping: Mapping) => void
}

function Member({ mapping, columns, onChange }: PartProps) {
  const { t } = useTranslation('imports')
  const naming = namingOf(mapping)
  const systems = SYSTEMS.includes(naming.system) ? SYSTEMS : [...SYSTEMS, naming.system]
  return (
    <>
      <ColumnRow
        label={t('fields.subject')}
        hint={naming.system === 'phone' || naming.system === 'email' ? t('hints.personal') : ''}
        name="subject"
        isNeeded
        columns={columns}
        value={naming.column}
        onChange={(column) => onChange(withNaming(mapping, { ...naming, column }))}
      />
      <FormRow label={t('fields.system')} name="system">
        {(id) => (
          <Select
            id={id}
            value={naming.system}
            onChange={(system) => onChange(withNaming(mapping, { ...naming, system }))}
            options={systems.map((one) => ({
              value: one,
              label: t(`systems.${one || 'own'}`, { defaultValue: one }),
            }))}
          />
        )}
      </FormRow>
    </>
  )
}

function Time({ mapping, columns, onChange }: PartProps) {
  const { t } = useTranslation('imports')
  const time = timeOf(mapping)
  return (
    <>
      <ColumnRow
        label={t('fields.time')}
        name="time"
        isNeeded
        columns={columns}
        value={time.column}
        onChange={(column) => onChange(withTime(mapping, { column }))}
      />
      <ColumnRow
        label={t('fields.clock')}
        name="clock"
        columns={columns}
        value={time.clock}
        onChange={(clock) => onChange(withTime(mapping, { clock }))}
      />
      <FormRow label={t('fields.zone')} name="zone">
        {(id) => (
          <Input
            id={id}
            value={time.zone ?? ''}
            placeholder={t('hints.zone')}
            onChange={({ target }) => onChange(withTime(mapping, { zone: target.value }))}
          />
        )}
      </FormRow>
      <FormRow label={t('fields.format')} hint={t('hints.format')} name="format">
        {(id) => (
          <Input
            id={id}
            value={time.format ?? ''}
            placeholder="ISO 8601"
            onChange={({ target }) => onChange(withTime(mapping, { format: target.value }))}
          />
        )}
      </FormRow>
    </>
  )
}

interface FieldProps {
  target: Target
  mapping: Mapping
  columns: Columns
  onColumn: (column: string | undefined) => void
  onConstant?: (text: string) => void
}

function FieldRow({ target, mapping, columns, onColumn, onConstant }: FieldProps) {
  const { t } = useTranslation('imports')
  const spec = fieldOf(mapping, target)
  const constant = constantOf(spec)
  return (
    <ColumnRow
      label={t(`fields.${target.name}`, { defaultValue: target.name })}
      name={`${target.of_line ? 'line' : 'data'}-${target.name}`}
      isNeeded={target.needed}
      columns={columns}
      value={columnOf(spec)}
      onChange={onColumn}
      constant={target.kind === 'text' ? constant : undefined}
      onConstant={target.kind === 'text' && target.name === 'currency' ? onConstant : undefined}
    />
  )
}

const NO_PLACES = new Set(['JPY', 'KRW', 'VND', 'CLP', 'ISK', 'XAF', 'XOF', 'XPF', 'UGX', 'PYG'])
const THREE_PLACES = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])

function decimals({ currency }: Opened): number {
  if (NO_PLACES.has(currency ?? '')) return 0
  return THREE_PLACES.has(currency ?? '') ? 3 : 2
}

/** What a tier asks for: each metric with its least value; money is written as on a price tag. */
import { CloseOutlined } from '@ant-design/icons'
import { Button, Flex, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { valueAt } from '../writing/tree'
import { useForm, useValue } from './context'
import { Grid } from './RecordFields'
import { digitsOf, plain, type FieldProps } from './scalars'
import { Labelled } from './Labelled'
import { useTyping } from './typing'

export function NeedField({ path }: FieldProps) {
  const { t } = useTranslation('program')
  const { value, edit, isReadOnly } = useForm()
  const kept = (useValue(path) ?? {}) as Record<string, unknown>
  const metrics = Object.keys(valueAt(value, ['tiers', 'metrics']) ?? {})
  const free = metrics.filter((name) => !(name in kept))
  return (
    <Flex vertical gap="small">
      <Grid>
        {Object.keys(kept).map((metric) => (
          <Least key={metric} path={[...path, metric]} metric={metric} />
        ))}
      </Grid>
      {!isReadOnly && free.length > 0 && (
        <Select
          size="small"
          style={{ width: 220 }}
          value={null}
          aria-label={t('forms.addMetric')}
          placeholder={t('forms.addMetric')}
          options={free.map((name) => ({ value: name, label: name }))}
          onChange={(name: string | null) => {
            if (name) edit((tree) => tree.set([...path, name], 1))
          }}
        />
      )}
    </Flex>
  )
}

/** Whether a metric counts money, in minor units. */
export function isMoneyMetric(document: unknown, metric: string): boolean {
  const found = valueAt(document, ['tiers', 'metrics', metric])
  return typeof found === 'object' && found !== null && ('spend' in found || 'assets' in found)
}

function Least({ path, metric }: { path: FieldProps['path']; metric: string }) {
  const { t } = useTranslation('program')
  const { value, edit, isReadOnly } = useForm()
  const kept = useValue(path)
  const isMoney = isMoneyMetric(value, metric)
  const unit = isMoney ? 10 ** digitsOf(value.money) : 1
  const shown = typeof kept === 'number' ? plain(kept / unit) : plain(kept)
  const typing = useTyping(shown, (next) => {
    const typed = Number(next.replaceAll(',', ''))
    edit((tree) => tree.set(path, Number.isFinite(typed) ? Math.round(typed * unit) : next))
  })
  return (
    <Labelled
      label={t('forms.atLeast', { metric })}
      path={path}
      extra={
        !isReadOnly && (
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t('forms.without', { label: metric })}
            onClick={() => edit((tree) => tree.remove(path))}
          />
        )
      }
    >
      {(id) => (
        <Input
          id={id}
          inputMode="decimal"
          value={typing.value}
          suffix={isMoney ? plain(value.money) : undefined}
          disabled={isReadOnly}
          onChange={(event) => typing.onChange(event.target.value)}
          onBlur={typing.onBlur}
        />
      )}
    </Labelled>
  )
}

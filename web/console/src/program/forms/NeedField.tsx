/** What a tier asks for: each metric with its least value; money is written as on a price tag. */
import { CloseOutlined } from '@ant-design/icons'
import { Button, Flex, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { valueAt } from '../writing/tree'
import { inWords, useForm, useValue } from './context'
import { Grid } from './RecordFields'
import { digitsOf, plain, type FieldProps } from './scalars'
import { Labelled } from './Labelled'
import { useSpan } from './spanWords'
import { useTyping } from './typing'

export function NeedField({ path }: FieldProps) {
  const { t } = useTranslation('program')
  const { value, edit, isReadOnly } = useForm()
  const kept = (useValue(path) ?? {}) as Record<string, unknown>
  const metrics = Object.keys(valueAt(value, ['tiers', 'metrics']) ?? {})
  const name = useMetricName()
  const free = metrics.filter((metric) => !(metric in kept))
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
          options={free.map((metric) => ({ value: metric, label: name(metric) }))}
          onChange={(metric: string | null) => {
            if (metric) edit((tree) => tree.set([...path, metric], 1))
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

/** What a metric counts, as people say it: "Money spent per calendar year". */
export function useMetricName(): (metric: string) => string {
  const { t, i18n } = useTranslation(['program', 'document'])
  const { value } = useForm()
  const span = useSpan()
  const currencies = (value.currencies ?? {}) as Record<string, { name?: unknown }>
  return (metric) => {
    const found = valueAt(value, ['tiers', 'metrics', metric])
    if (typeof found !== 'object' || found === null) return metric
    const { count, currency, window } = found as Record<string, unknown>
    const events = [count ?? []]
      .flat()
      .map((one) => t(`document:events.${plain(one)}`, { defaultValue: plain(one) }))
    const what = currency
      ? t('tiers.earned', {
          points: inWords(currencies[plain(currency)]?.name, i18n.language) || plain(currency),
        })
      : count
        ? t('tiers.count', { events: events.join(', ') })
        : t(`document:fields.${'assets' in found ? 'assets' : 'spend'}.label`)
    if (window === undefined) return what
    const isRolling = typeof window === 'object' && window !== null
    const over = isRolling
      ? t('tiers.windows.rolling', { span: span((window as { rolling?: unknown }).rolling) })
      : t(`tiers.windows.${plain(window)}`, { defaultValue: plain(window) })
    return t('tiers.metric', { what, over })
  }
}

function Least({ path, metric }: { path: FieldProps['path']; metric: string }) {
  const { t } = useTranslation('program')
  const { value, edit, isReadOnly } = useForm()
  const name = useMetricName()
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
      label={t('forms.atLeast', { metric: name(metric) })}
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
